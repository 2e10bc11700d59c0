using System.Globalization;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Runs;
using Reparam.Serialization;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Data.Images;

public sealed class PictureFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _notes = [];

    [Fact]
    public void Folders_are_classes_and_pictures_are_in_ordinal_order()
    {
        Grey("b/2.png", 8, 8, 30);
        Grey("b/10.png", 8, 8, 20);
        Grey("B/deep/er/x.png", 8, 8, 10);
        Grey(".hidden/x.png", 8, 8, 1);
        Grey("b/.thumb.png", 8, 8, 1);
        Dataset data = Read();
        Assert.Equal(["B/deep/er/x.png", "b/10.png", "b/2.png"], data.Names!.Value.ToArray());
        Assert.Equal(["B", "b"], data.ClassNames);
        Assert.Equal([0, 1, 1], data.Labels!.Value.ToArray());
        Assert.Equal([10, 20, 30], Enumerable.Range(0, 3).Select(i => data.Bytes(i, 1)[0]));
        Assert.Equal(DataKind.Grey, data.Kind);
        Assert.Equal([8, 8], data.EventShape);
        Assert.Contains("3 pictures in 2 classes, named by folders: B (1), b (2)", Assert.Single(_notes),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Names_follow_their_pictures()
    {
        for (int i = 0; i < 12; i++) Grey($"{(i % 2 == 0 ? "even" : "odd")}/{i:00}.png", 8, 8, (byte)i);
        Dataset data = Read().Shuffle(new Rng(5));
        Dataset part = data[3..9];
        Dataset hidden = part.HideLabels(2, new Rng(1)).Binarize(Binarization.Threshold, new Rng(2));
        for (int i = 0; i < part.Count; i++)
        {
            string name = part.Names!.Value.Span[i];
            Assert.Equal(int.Parse(name.AsSpan(name.Length - 6, 2), CultureInfo.InvariantCulture), part.Bytes(i, 1)[0]);
            Assert.Equal(name.StartsWith("odd", StringComparison.Ordinal) ? 1 : 0, part.Labels!.Value.Span[i]);
            Assert.Equal(name, hidden.Names!.Value.Span[i]);
        }

        Assert.Equal(["even", "odd"], hidden.ClassNames);
    }

    [Fact]
    public void One_folder_and_pictures_outside_of_folders_are_no_classes()
    {
        Grey("one/a.png", 8, 8, 1);
        Assert.Null(Read().Labels);
        Grey("two/a.png", 8, 8, 1);
        Assert.Equal(2, Read().Classes);
        Grey("a.png", 8, 8, 1);
        Assert.Null(Read().Labels);
        Assert.Null(Read().ClassNames);
    }

    [Fact]
    public void Sizes_are_kept_where_all_agree_and_are_small()
    {
        Colour("a.png", 20, 12);
        Colour("b.png", 20, 12);
        Assert.Equal([3, 12, 20], Read().EventShape);
        Assert.Empty(_notes);
        Assert.Equal([3, 16, 16], Read(new PictureOptions { Size = 16 }).EventShape);
        Assert.Equal([16, 16], Read(new PictureOptions { Size = 16, Grey = true }).EventShape);
        Assert.Equal([1, 5, 9], Read(new PictureOptions { EventShape = [1, 5, 9] }).EventShape);
        Grey("c.png", 20, 13, 0);
        Assert.Equal([3, 64, 64], Read().EventShape);
        Assert.Contains("different sizes", Assert.Single(_notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Large_pictures_are_scaled()
    {
        Grey("a.png", 300, 200, 3);
        Assert.Equal([64, 64], Read().EventShape);
        Assert.Contains("300 x 200 pixels, and each is cut to a square and scaled to 64 x 64 (--size", Assert.Single(
            _notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_pictures_are_left_out_with_a_note_or_refused()
    {
        for (int i = 0; i < 3; i++) Grey($"{i}.png", 8, 8, (byte)i);
        byte[] whole = File.ReadAllBytes(_folder.File("0.png"));
        _folder.Holding("half.png", whole.AsSpan(0, 40));
        _folder.Holding("empty.png", []);
        _folder.Holding("claims.png", new PngBuilder(100_000, 100_000, 8, 6).File([0]));
        _folder.Holding("bomb.png", new PngBuilder(8, 8, 8, 0).File(new byte[10_000_000]));
        _folder.Holding("notes.txt", "text"u8);
        Dataset data = Read();
        Assert.Equal(["0.png", "1.png", "2.png"], data.Names!.Value.ToArray());
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Select(i => data.Bytes(i, 1)[5]));
        string said = string.Join('\n', _notes);
        foreach (string words in (string[])["4 of 8 files cannot be read", "--strict", "bomb.png", "100000 x 100000",
            "empty.png", "; ...", "1 file is left out, because it is not a picture: notes.txt"])
            Assert.Contains(words, said, StringComparison.Ordinal);
        var failure = Assert.Throws<InvalidDataFileException>(() => Read(new PictureOptions { Strict = true }));
        Assert.Contains("bomb.png", failure.Message, StringComparison.Ordinal);
        Assert.Contains("4 of 8", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("WebP", "524946461A000000574542505650384C")]
    [InlineData("GIF", "474946383961")]
    [InlineData("TIFF", "49492A00080000000100")]
    [InlineData("BMP", "424D4600000000000000360000002800")]
    [InlineData("HEIC", "000000186674797068656963")]
    [InlineData("AVIF", "0000001C6674797061766966")]
    [InlineData("JPEG XL", "0000000C4A584C200D0A870A")]
    [InlineData("JPEG 2000", "0000000C6A5020200D0A870A")]
    public void Other_formats_are_refused_by_name(string format, string content)
    {
        _folder.Holding("a b.dat", Convert.FromHexString(content));
        var failure = Assert.Throws<InvalidDataFileException>(() => Read());
        Assert.Contains($"it is a {format} picture, which is not decoded; convert it, for example with ImageMagick: " +
            "magick 'a b.dat' 'a b.png'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Jpeg_needs_its_decoder()
    {
        _folder.Holding("a.jpg", [0xFF, 0xD8, 0xFF, 0xE0]);
        Assert.Contains("Reparam.Formats", Assert.Throws<InvalidDataFileException>(() => Read()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Links_and_runs_are_left_out()
    {
        Grey("in/a.png", 8, 8, 1);
        using TemporaryFolder outside = new();
        new PngImage(8, 8, 1, new byte[64]).Save(outside.File("secret.png"));
        File.CreateSymbolicLink(_folder.File("in/link.png"), outside.File("secret.png"));
        Directory.CreateSymbolicLink(_folder.File("around"), _folder.Path);
        Grey("runs/x/samples/samples.png", 8, 8, 9);
        _folder.Holding("runs/x/config.json", "{}"u8);
        _folder.Holding("runs/x/environment.json", "{}"u8);
        Assert.Equal(["in/a.png"], Read().Names!.Value.ToArray());
        Assert.Contains("2 links are left out", Assert.Single(_notes), StringComparison.Ordinal);
    }

    [Fact]
    public void The_result_does_not_depend_on_the_number_of_threads()
    {
        for (int i = 0; i < 40; i++) Colour($"{i % 3}/{i}.png", 10 + i, 31 - i / 2);
        string expected = Read().Sha256;
        int threads = Execution.Threads;
        try
        {
            Execution.Threads = 1;
            Assert.Equal(expected, Read().Sha256);
        }
        finally
        {
            Execution.Threads = threads;
        }

        // The pixels of every machine.
        Assert.StartsWith("9f075c90d5c0ed74e67bc211f7dbf7202b6bdf01469efff28d", expected, StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_read_folders_in_their_parts()
    {
        for (int i = 0; i < 24; i++)
        {
            string part = i < 16 ? "train" : i < 20 ? "val" : "test";
            Grey($"{part}/{(i % 2 == 0 ? "cat" : "dog")}/{i}.png", 9, 9, (byte)i);
        }

        DataSplits parts = Load(new DataSettings());
        Assert.Equal((16, 4, 4), (parts.Train.Count, parts.Validation!.Count, parts.Test.Count));
        Assert.Equal(["cat", "dog"], parts.Test.ClassNames);
        Assert.All(parts.Test.Names!.Value.ToArray(), n => Assert.StartsWith("test/", n, StringComparison.Ordinal));
        Assert.Equal((9, true), parts.Pictures);
        DataSplits alone = Load(new DataSettings { Parts = "none", Validation = 0 });
        Assert.Equal(["test", "train", "val"], alone.Train.ClassNames);
        Assert.Equal(22, alone.Train.Count);
    }

    [Fact]
    public void One_picture_is_data_of_a_model()
    {
        Colour("a.png", 40, 30);
        Assert.Equal([3, 8, 8], RunData.ReadFile(_folder.File("a.png"), [3, 8, 8]).EventShape);
        Assert.Equal([8, 8], RunData.ReadFile(_folder.Path, [8, 8]).EventShape);
        Assert.Contains("the model takes data of shape [64]", Assert.Throws<InvalidDataFileException>(
            () => RunData.ReadFile(_folder.Path, [64])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_of_pictures_are_refused_for_other_data()
    {
        foreach (DataSettings data in (DataSettings[])[new() { Size = 8 }, new() { Grey = true },
            new() { Strict = true }, new() { Crop = PictureCrop.None }])
        {
            Assert.Contains("belongs to a folder of pictures", Assert.Throws<InvalidConfigException>(
                () => RunData.Load(new RunSettings { Data = data })).Message, StringComparison.Ordinal);
        }
    }

    public void Dispose() => _folder.Dispose();

    private DataSplits Load(DataSettings data) =>
        RunData.Load(new RunSettings { Data = data with { Name = _folder.Path } }, notes: _notes.Add);

    private Dataset Read(PictureOptions? options = null)
    {
        _notes.Clear();
        return PictureFolder.Read(_folder.Path, options, _notes.Add);
    }

    private void Grey(string name, int width, int height, byte level) =>
        Save(name, new PngImage(width, height, 1, Enumerable.Repeat(level, width * height).ToArray()));

    private void Colour(string name, int width, int height) => Save(name, new PngImage(width, height, 3,
        [.. Enumerable.Range(0, width * height * 3).Select(i => (byte)(i * i / 11 + name.Length))]));

    private void Save(string name, PngImage image)
    {
        string path = _folder.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        image.Save(path);
    }
}
