using System.Text;
using System.Text.Json;
using Reparam.Data;
using Reparam.Serialization;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Cli.Tests.Commands;

/// <summary>A folder of pictures as the data of a run, from training to codes.</summary>
public sealed class PictureFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_is_trained_evaluated_reconstructed_and_encoded()
    {
        for (int i = 0; i < 60; i++) Save(i % 2 == 0 ? "photos/dots" : "photos/lines", i);
        _folder.Holding("photos/dots/half.png", File.ReadAllBytes(_folder.File("photos/dots/00.png")).AsSpan(0, 50));
        CommandLine.Run(_folder.Path, "train", "--data", "photos", "--size", "12", "--grey", "--epochs", "1",
            "--hidden", "16", "--latent", "3", "--out", "run").Exits(0).Says(
            "1 of 61 files cannot be read", "60 pictures in 2 classes", "dots (30), lines (30)", "shape [12, 12]");
        Assert.Contains("\"dots\"", File.ReadAllText(_folder.File("run/environment.json")), StringComparison.Ordinal);
        Run("evaluate", "run", "--samples", "2");
        Run("reconstruct", "run", "--out", "pairs.png");
        Run("sample", "run", "--out", "samples.png");
        Run("encode", "run", "--data", "photos", "--out", "codes.npz");
        LabelledArray codes = DataFile.ReadLabelled(_folder.File("codes.npz"));
        Assert.Equal([60, 3], codes.Data.Shape);
        string[] names = File.ReadAllLines(_folder.File("codes-names.txt"));
        Assert.Equal((60, "dots/00.png", "lines/59.png"), (names.Length, names[0], names[^1]));
        Assert.All(names.Index(), n => Assert.Equal(n.Item.StartsWith("dots", StringComparison.Ordinal) ? 0 : 1,
            codes.Labels![n.Index]));
        Run("encode", "run", "--data", "photos/lines/01.png", "--out", "one.npy");
        Assert.Equal([1, 3], NpyFile.Read(_folder.File("one.npy")).Shape);
        string[] near = ["neighbours", "run", "--data", "photos", "--index", "30", "-n", "59", "--out", "near.png"];
        JsonElement told = CommandLine.Run(_folder.Path, [.. near, "--json"]).Exits(0).Json;
        Assert.Equal("lines/01.png", told.GetProperty("name").GetString());
        Assert.All(told.GetProperty("neighbours").EnumerateArray(), n => Assert.Equal(
            names[n.GetProperty("index").GetInt32()], n.GetProperty("name").GetString()));
        string shown = CommandLine.Outcome.Joined(CommandLine.Run(_folder.Path, near).Exits(0).Output);
        Assert.Contains("of data point 30 (lines/01.png) of photos, label lines,", shown, StringComparison.Ordinal);
        Assert.Matches(@"\s1\s+\d+\s+\d+\.\d{4}\s+(dots|lines)\s+(dots|lines)/\d\d\.png", shown);
        Run("train", "--resume", "run", "--epochs", "2");
        Save("photos/dots", 60);
        CommandLine.Run(_folder.Path, "train", "--resume", "run", "--epochs", "3").Exits(3).Says("are not the data");
        CommandLine.Run(_folder.Path, "train", "--data", "photos", "--strict").Exits(3).Says("half.png");
    }

    [Fact]
    public void Classes_are_asked_for_by_the_names_of_their_folders()
    {
        for (int i = 0; i < 40; i++) Save(i % 2 == 0 ? "photos/dots" : "photos/lines", i);
        Run("train", "--data", "photos", "--size", "12", "--grey", "--epochs", "1", "--hidden", "16", "--latent", "2",
            "--condition", "labels", "--out", "run");
        Run("sample", "run", "-n", "3", "--class", "lines", "--out", "name.npy");
        Run("sample", "run", "-n", "3", "--class", "1", "--out", "number.npy");
        Run("sample", "run", "-n", "3", "--class", "dots", "--out", "other.npy");
        Assert.Equal(Bytes("number.npy"), Bytes("name.npy"));
        Assert.NotEqual(Bytes("other.npy"), Bytes("name.npy"));
        CommandLine.Run(_folder.Path, "sample", "run", "--class", "line").Exits(2).Says(
            "--class 'line' is no class of this run. Its classes are dots, lines. Did you mean 'lines'?");
        CommandLine.Run(_folder.Path, "sample", "run", "--class", "2").Exits(2).Says("Its classes are dots, lines");
        CommandLine.Run(_folder.Path, "traverse", "run").Exits(2).Says("with --class, one of dots, lines");

        // The labels of a text file are names, and those of an archive are numbers.
        Run("encode", "run", "--data", "photos", "--out", "codes.csv");
        Run("encode", "run", "--data", "photos", "--out", "codes.npz");
        Run("decode", "run", "--latents", "codes.csv", "--out", "names.npy");
        Run("decode", "run", "--latents", "codes.npz", "--out", "numbers.npy");
        Assert.Equal(Bytes("numbers.npy"), Bytes("names.npy"));

        string[] sum = ["arithmetic", "run", "--class", "dots", "--c", "0", "--a"];
        Run([.. sum, "label:lines", "--b", "label:dots", "--out", "a.npy"]);
        Run([.. sum, "label:1", "--b", "label:0", "--out", "b.npy"]);
        Assert.Equal(Bytes("b.npy"), Bytes("a.npy"));
        CommandLine.Run(_folder.Path, [.. sum, "label:Dot"]).Exits(2).Says(
            "--a 'label:Dot' names no class", "Their labels are dots, lines. Did you mean 'dots'?");

        byte[] Bytes(string file) => File.ReadAllBytes(_folder.File(file));
    }

    [Fact]
    public void Strange_pictures_are_named_and_the_sheet_shows_what_is_strange()
    {
        for (int i = 0; i < 80; i++) SaveShade($"ordinary/{i:00}.png", i, 0);
        for (int i = 0; i < 3; i++)
        {
            SaveShade($"new/good/{i}.png", 100 + i, 0);
            SaveShade($"new/with-a-square/{new string('n', 40)}{i}.png", 200 + i, 255);
        }

        Run("train", "--data", "ordinary", "--size", "12", "--epochs", "60", "--hidden", "16", "--latent", "2",
            "--out", "run");
        CommandLine.Outcome outcome = CommandLine.Run(_folder.Path, "score", "run", "--data", "new", "--top", "4",
            "--out", "scores.csv", "--sheet", "sheet.png", "--samples", "10").Exits(0);
        Assert.All(outcome.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
        Assert.Contains("with-a-squar...nnnnnnnn0.png", outcome.Output, StringComparison.Ordinal);
        string[] rows = File.ReadAllLines(_folder.File("scores.csv"));
        Assert.Equal("row,name,score,standard_error,p_value,reconstruction,kl,label", rows[0]);
        Assert.StartsWith("1,good/0.png,", rows[1], StringComparison.Ordinal);
        Assert.EndsWith(",good", rows[1], StringComparison.Ordinal);
        Assert.StartsWith($"4,with-a-square/{new string('n', 40)}0.png,", rows[4], StringComparison.Ordinal);
        Assert.EndsWith(",with-a-square", rows[4], StringComparison.Ordinal);

        // Four pairs of 12 x 12 pixels, ten times as large, in two columns.
        Picture sheet = PngDecoder.Instance.Decode("sheet.png", File.ReadAllBytes(_folder.File("sheet.png")));
        Assert.Equal((4 * 121 + 1, 2 * 121 + 1, 3), (sheet.Width, sheet.Height, sheet.Channels));
        Assert.Null(ProvenanceFile.Read(_folder.File("sheet.png")));
        for (int strange = 0; strange < 3; strange++)
        {
            // The square is the pixels 3 to 6 of both axes. The green of viridis rises with the value.
            double inside = 0, outside = 0;
            for (int p = 0; p < 144; p++)
            {
                int green = Green(strange, p % 12, p / 12);
                if (p % 12 is >= 3 and <= 6 && p / 12 is >= 3 and <= 6) inside += green / 16.0;
                else outside += green / 128.0;
            }

            Assert.True(inside > 120 && outside < 40, $"{inside} inside of the square, {outside} outside");
        }

        CommandLine.Outcome one = CommandLine.Run(_folder.Path, "score", "run", "--data", "new/good/1.png", "--samples",
            "10", "--json").Exits(0);
        Assert.Equal("1.png", one.Json.GetProperty("strangest")[0].GetProperty("name").GetString());

        int Green(int pair, int x, int y)
        {
            int left = (2 * (pair % 2) + 1) * 121 + 1, top = pair / 2 * 121 + 1;
            return sheet.Samples[((top + 10 * y + 5) * sheet.Width + left + 10 * x + 5) * 3 + 1];
        }
    }

    [Fact]
    public void Sheets_of_what_is_no_picture_are_refused()
    {
        for (int i = 0; i < 40; i++) SaveShade($"photos/{i:00}.png", i, 0);
        Run("train", "--data", "photos", "--size", "12", "--epochs", "1", "--hidden", "8", "--latent", "2", "--out",
            "run");
        Refused("run", "a.jpg", "must end in .png");
        Refused("run", "no/a.png", "which is not a folder");
        Refused("run", "a.png", "--top 0 asks for none", "--top", "0");
        Refused("run", "a.png", "more than one --sheet can hold", "--top", "100000");
        _folder.Holding("rows.csv", Encoding.ASCII.GetBytes(string.Concat(
            Enumerable.Range(0, 50).Select(i => $"{(i == 0 ? "a,b\n" : "")}{i},{i * i % 7}\n"))));
        Run("train", "--data", "rows.csv", "--epochs", "1", "--out", "rows");
        Refused("rows", "a.png", "rows of a table");
        Run("train", "--limit", "100", "--epochs", "1", "--model", "hierarchical", "--hidden", "8", "--out", "layers");
        Refused("layers", "a.png", "log-densities of single pixels", "--samples", "1", "--limit", "1");
        Assert.False(File.Exists(_folder.File("a.png")));

        void Refused(string run, string sheet, string why, params string[] more) => CommandLine.Run(
            _folder.Path, ["score", run, "--sheet", sheet, .. more]).Exits(2).Says(why);
    }

    [Fact]
    public void Folders_without_pictures_are_refused_in_a_sentence()
    {
        Directory.CreateDirectory(_folder.File("empty"));
        CommandLine.Run(_folder.Path, "train", "--data", "empty").Exits(3).Says("contains no pictures");
        _folder.Holding("empty/a.webp", Convert.FromHexString("524946461A000000574542505650384C"));
        CommandLine.Run(_folder.Path, "train", "--data", "empty").Exits(3).Says(
            "a WebP picture", "magick 'a.webp' 'a.png'");
        CommandLine.Run(_folder.Path, "train", "--size", "12").Exits(2).Says(
            "data.size (--size) belongs to a folder of pictures");
        CommandLine.Run(_folder.Path, "train", "--crop", "left").Exits(2).Says("data.crop (--crop) 'left' is unknown");
    }

    /// <summary>A grey picture of 12 x 12 pixels, with noise, and with a square if it has a level.</summary>
    private void SaveShade(string name, int i, byte square)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
        Rng rng = new Rng(7).At(i);
        new PngImage(12, 12, 1, [.. Enumerable.Range(0, 144).Select(p => square > 0 && p % 12 is >= 3 and <= 6
            && p / 12 is >= 3 and <= 6 ? square : (byte)(80 + rng.NextInt32(20)))]).Save(_folder.File(name));
    }

    private void Save(string folder, int i)
    {
        Directory.CreateDirectory(_folder.File(folder));
        int width = 20 + i % 7, height = 18 + i % 5;
        new PngImage(width, height, 3, [.. Enumerable.Range(0, 3 * width * height).Select(k => (byte)(k * i))]).Save(
            _folder.File($"{folder}/{i:00}.png"));
    }

    private void Run(params string[] arguments) => CommandLine.Run(_folder.Path, arguments).Exits(0);
}
