using Reparam.Data;
using Reparam.Testing;

namespace Reparam.Cli.Tests.Commands;

/// <summary>Commands on data that stay in their file.</summary>
public sealed class StreamCommandTests : IDisposable
{
    private static readonly string[] Small = ["--latent", "2", "--hidden", "8", "--epochs", "1", "--quiet"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Streamed_run_gives_the_results_of_a_run_in_memory()
    {
        Write(_ => { });
        Run(["train", "--data", "rows.npy", "--stream", "--out", "stream", .. Small]).Exits(0);
        Run(["train", "--data", "rows.npy", "--shuffle", "blocks", "--out", "memory", .. Small]).Exits(0);
        foreach (string run in (string[])["stream", "memory"])
        {
            Run("encode", run, "--data", "rows.npy", "--out", run + ".npy").Exits(0);
            Run("encode", run, "--out", run + "-test.npy").Exits(0);
            Run("score", run, "--data", "rows.npy", "--out", run + ".csv", "--samples", "5").Exits(0);
            Run("score", run, "--out", run + "-test.csv", "--samples", "5").Exits(0);
        }

        foreach (string end in (string[])[".npy", "-test.npy", ".csv", "-test.csv"])
        {
            Assert.Equal(
                File.ReadAllBytes(_folder.File("memory" + end)), File.ReadAllBytes(_folder.File("stream" + end)));
        }

        Assert.Equal(Evaluated("memory"), Evaluated("stream"));

        string Evaluated(string run) => Run("evaluate", run, "--samples", "5", "--json").Exits(0).Output.Replace(
            run, "RUN", StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_data_and_bad_options_have_their_exit_codes()
    {
        Write(values => values[123 * 6 + 2] = float.PositiveInfinity);
        Assert.Contains("row 123 (counted from 0) has Infinity in element 2",
            Run(["train", "--data", "rows.npy", "--stream", .. Small]).Exits(3).Error, StringComparison.Ordinal);
        Assert.Contains("data.shuffle (--shuffle) 'full' reads rows at random places",
            Run(["train", "--data", "rows.npy", "--stream", "--shuffle", "full", .. Small]).Exits(2).Error,
            StringComparison.Ordinal);
        Assert.Contains("data.stream (--stream) belongs to an .npy or IDX file of your own",
            Run(["train", "--data", "digits", "--stream", .. Small]).Exits(2).Error, StringComparison.Ordinal);
        // A known data set is refused before it has to be fetched.
        Run(["train", "--data", "mnist", "--data-dir", ".", "--stream", .. Small]).Exits(2).Says("data.stream");
    }

    [Fact]
    public void Pipe_is_refused_and_not_waited_for()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "mkfifo");
        foreach (string name in (string[])["pipe", "pipe.csv", "pipe.npy"])
        {
            using (var made = System.Diagnostics.Process.Start("mkfifo", _folder.File(name))) made.WaitForExit();
            foreach (string[] more in (string[][])[[], ["--stream"]])
            {
                Run(["train", "--data", name, .. more, .. Small]).Exits(3).Says(
                    "If it is a pipe, which cannot be read twice, save its content as a file first");
            }
        }

        Run("data", "describe", "pipe").Exits(3).Says("save its content as a file");
        Write(_ => { });
        Run(["train", "--data", "rows.npy", .. Small, "--out", "run"]).Exits(0);
        Run("encode", "run", "--data", "pipe").Exits(3).Says("save its content as a file");
        File.CreateSymbolicLink(_folder.File("link.npy"), _folder.File("rows.npy"));
        Run("encode", "run", "--data", "link.npy", "--out", "z.npy").Exits(0);
    }

    private void Write(Action<float[]> change)
    {
        float[] values = [.. Enumerable.Range(0, 400 * 6).Select(i => (float)Math.Sin(i % 6 + i / 6 % 41))];
        change(values);
        NpyFile.Write(_folder.File("rows.npy"), NumericArray.FromFloat32([400, 6], values));
    }

    private CommandLine.Outcome Run(params string[] arguments) => CommandLine.Run(_folder.Path, arguments);
}
