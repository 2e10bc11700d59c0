using Reparam.Data;
using Reparam.Serialization;
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
        Run("train", "--resume", "run", "--epochs", "2");
        Save("photos/dots", 60);
        CommandLine.Run(_folder.Path, "train", "--resume", "run", "--epochs", "3").Exits(3).Says("are not the data");
        CommandLine.Run(_folder.Path, "train", "--data", "photos", "--strict").Exits(3).Says("half.png");
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

    private void Save(string folder, int i)
    {
        Directory.CreateDirectory(_folder.File(folder));
        int width = 20 + i % 7, height = 18 + i % 5;
        new PngImage(width, height, 3, [.. Enumerable.Range(0, 3 * width * height).Select(k => (byte)(k * i))]).Save(
            _folder.File($"{folder}/{i:00}.png"));
    }

    private void Run(params string[] arguments) => CommandLine.Run(_folder.Path, arguments).Exits(0);
}
