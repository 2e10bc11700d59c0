using Reparam.Data;
using Reparam.Testing;

namespace Reparam.Cli.Tests.Commands;

/// <summary>An option that has no effect on the data of a run is refused with a sentence.</summary>
public sealed class DataScopeTests(SharedRun shared, DataScopeTests.Runs runs) : IClassFixture<DataScopeTests.Runs>
{
    /// <summary>A run of a table and one of arrays that are no images.</summary>
    public sealed class Runs : IDisposable
    {
        public Runs()
        {
            File.WriteAllText(Folder.File("table.csv"), "a,b,kind\n" + string.Concat(Enumerable.Range(0, 60).Select(
                i => FormattableString.Invariant($"{i % 7}.5,{i % 5}.25,{(i % 3 == 0 ? "x" : "y")}\n"))));
            NpyFile.Write(Folder.File("array.npy"), NumericArray.FromFloat32(
                [60, 3], [.. Enumerable.Range(0, 180).Select(i => i * 7 % 13 * 0.1f)]));
            foreach (string data in (string[])["table.csv", "array.npy"])
            {
                CommandLine.Run(Folder.Path, "train", "--data", data, "--epochs", "1", "--hidden", "4", "--latent", "2",
                    "--quiet", "--out", Path.GetFileNameWithoutExtension(data)).Exits(0);
            }
        }

        public TemporaryFolder Folder { get; } = new();

        public void Dispose() => Folder.Dispose();
    }

    [Theory]
    [InlineData("sample table --draw", "--draw is for images and other arrays", "trained on rows of a table")]
    [InlineData("sample table --class 1", "--class is only for a conditional model", "")]
    [InlineData("decode table --latents table.csv --class 1", "no column 'z0'", "")]
    [InlineData("sample array --given a=1", "--given is for tables", "trained on arrays of shape [3]")]
    [InlineData("sample digits --given a=1", "--given is for tables", "trained on images")]
    [InlineData("score table --sheet s.png", "--sheet is for images", "trained on rows of a table")]
    [InlineData("score array --sheet s.png", "--sheet is for images", "trained on arrays of shape [3]")]
    [InlineData("impute array --data array.npy --out f.csv", "'reparam impute' is for tables", "arrays of shape [3]")]
    [InlineData("impute digits --data array.npy --out f.csv", "'reparam impute' is for tables", "trained on images")]
    [InlineData("agreement table", "'reparam agreement' is for images and other arrays", "rows of a table")]
    [InlineData("traverse table --out w.png", "must end in .csv", "rows of a table")]
    [InlineData("manifold table --out w.npy", "must end in .csv", "rows of a table")]
    [InlineData("traverse array --out w.csv", "must end in .png (a picture) or in .npy", "")]
    public void Options_and_commands_for_other_data_than_the_run_has_are_refused(string line, string what, string data)
    {
        string[] words = [.. line.Split(' ').Select(word => word == "digits" ? shared.Run : word)];
        CommandLine.Outcome outcome = CommandLine.Run(runs.Folder.Path, words);
        Assert.InRange(outcome.Code, 2, 3);
        outcome.Says(what, data);
    }

    [Theory]
    [InlineData("table.csv", "--binarization dynamic", "data.binarization (--binarization) belongs to an array")]
    [InlineData("table.csv", "--size 32", "data.size (--size) belongs to a folder of pictures")]
    [InlineData("table.csv", "--crop none", "data.crop (--crop) belongs to a folder of pictures")]
    [InlineData("table.csv", "--grey", "data.grey (--grey) belongs to a folder of pictures")]
    [InlineData("table.csv", "--layout channels-last", "data.layout (--layout) belongs to an array file")]
    [InlineData("table.csv", "--levels unit", "data.levels (--levels) belongs to an array file")]
    [InlineData("table.csv", "--parts none", "data.parts (--parts) belongs to an array file or a folder")]
    [InlineData("table.csv", "--standardize columns", "data.standardize (--standardize) is for arrays")]
    [InlineData("table.csv", "--augment flip", "data.augment")]
    [InlineData("table.csv", "--network conv", "")]
    [InlineData("array.npy", "--columns a=count", "data.columns (--columns) belongs to a table")]
    [InlineData("array.npy", "--label a", "data.label (--label) belongs to a table")]
    [InlineData("array.npy", "--window 4", "data.window (--window) belongs to a table")]
    [InlineData("array.npy", "--size 32", "data.size (--size) belongs to a folder of pictures")]
    [InlineData("digits", "--decimal comma", "data.decimal (--decimal) belongs to a table")]
    [InlineData("digits", "--layout channels-last", "data.layout (--layout) belongs to an array file")]
    [InlineData("digits", "--levels unit", "data.levels (--levels) belongs to an array file")]
    [InlineData("digits", "--parts none", "data.parts (--parts) belongs to an array file or a folder")]
    public void Training_refuses_settings_of_other_data(string data, string options, string what)
    {
        CommandLine.Run(runs.Folder.Path, ["train", "--data", data, "--epochs", "1", "--out", "refused",
            .. options.Split(' ')]).Exits(2).Says(what);
        Assert.False(Directory.Exists(runs.Folder.File("refused")));
    }

    [Fact]
    public void Runs_go_on_with_the_settings_that_were_completed()
    {
        foreach (string run in (string[])["table", "array"])
            CommandLine.Run(runs.Folder.Path, "train", "--resume", run, "--epochs", "2", "--quiet").Exits(0);
    }
}
