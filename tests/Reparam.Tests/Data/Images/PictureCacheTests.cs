using Reparam.Data;
using Reparam.Serialization;
using Reparam.Testing;

namespace Reparam.Tests.Data.Images;

/// <summary>Pictures come from the cache exactly when their content was decoded before, with the same bytes.</summary>
public sealed class PictureCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CountingDecoder _decoder = new();
    private readonly List<string> _notes = [];

    public PictureCacheTests()
    {
        for (int i = 0; i < 6; i++) Save($"{i}.png", i);
        File.WriteAllText(_folder.File("pictures/notes.txt"), "no picture");
        File.WriteAllBytes(_folder.File("pictures/half.png"), File.ReadAllBytes(_folder.File("pictures/0.png"))[..60]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_picture_is_decoded_once()
    {
        Dataset first = Read(), second = Read(), without = Read(new PictureOptions { Size = 8 }, cache: null);
        Assert.Equal(6 + 6, _decoder.Decoded);
        AssertSame(without, first);
        AssertSame(without, second);
        // The file that is no picture and the one that is damaged are told each time.
        Assert.Equal(3, _notes.Count(n => n.Contains("half.png", StringComparison.Ordinal)));
        Assert.Equal(3, _notes.Count(n => n.Contains("notes.txt", StringComparison.Ordinal)));
    }

    [Fact]
    public void Changed_and_new_pictures_are_decoded_and_renamed_ones_are_not()
    {
        Read();
        Save("3.png", 33);
        Save("new.png", 7);
        File.Move(_folder.File("pictures/5.png"), _folder.File("pictures/moved.png"));
        _decoder.Decoded = 0;
        Dataset changed = Read();
        Assert.Equal(2, _decoder.Decoded);
        AssertSame(Read(new PictureOptions { Size = 8 }, cache: null), changed);
        _decoder.Decoded = 0;
        Read();
        Assert.Equal(0, _decoder.Decoded);
    }

    [Fact]
    public void Other_ways_to_scale_have_files_of_their_own()
    {
        Read();
        Read(new PictureOptions { Size = 12 });
        Read(new PictureOptions { Size = 8, Grey = true });
        Read(new PictureOptions { Size = 8, Crop = PictureCrop.None });
        Assert.Equal(4 * 6, _decoder.Decoded);
        Assert.Equal(4, Directory.GetFiles(Cache, "*.pixels").Length);
        Read(new PictureOptions { Size = 12 });
        Assert.Equal(4 * 6, _decoder.Decoded);
    }

    [Fact]
    public void Grey_pictures_stay_grey_and_equal_pictures_are_both_there()
    {
        Directory.Delete(_folder.File("pictures"), recursive: true);
        Directory.CreateDirectory(_folder.File("pictures"));
        foreach (string name in (string[])["a", "b", "c"])
        {
            new PngImage(8, 8, 1, [.. Enumerable.Repeat((byte)(name == "c" ? 9 : 5), 64)]).Save(
                _folder.File($"pictures/{name}.png"));
        }

        Dataset first = Read(), second = Read();
        Assert.Equal([8, 8], second.EventShape);
        AssertSame(first, second);
        Assert.Equal(3, _decoder.Decoded);
    }

    [Theory]
    [InlineData(0)] // the magic
    [InlineData(8)] // the number of pictures
    [InlineData(16)] // the bytes of one
    [InlineData(30)] // the hash of a file
    [InlineData(60)] // the hash of the levels
    [InlineData(-1)] // a level
    public void A_damaged_file_is_never_believed(int at)
    {
        Dataset first = Read();
        string path = Assert.Single(Directory.GetFiles(Cache, "*.pixels"));
        byte[] content = File.ReadAllBytes(path);
        content[at < 0 ? content.Length + at : at] ^= 0x40;
        File.WriteAllBytes(path, content);
        AssertSame(first, Read());
        Assert.True(_decoder.Decoded > 6);
        File.WriteAllBytes(path, content[..^5]);
        AssertSame(first, Read());
        _decoder.Decoded = 0;
        AssertSame(first, Read());
        Assert.Equal(0, _decoder.Decoded);
    }

    [Fact]
    public void Where_nothing_can_be_kept_the_pictures_are_read_and_a_note_says_so()
    {
        File.WriteAllText(Cache, "a file, not a folder");
        Assert.Equal(6, Read().Count);
        Assert.Equal(6, Read().Count);
        Assert.Equal(12, _decoder.Decoded);
        Assert.Contains(_notes, n => n.Contains("are not kept", StringComparison.Ordinal));
    }

    [Fact]
    public void Files_of_long_ago_are_deleted_when_another_is_written()
    {
        Directory.CreateDirectory(Cache);
        string old = Path.Combine(Cache, "old.pixels"), other = Path.Combine(Cache, "other.txt");
        foreach (string file in (string[])[old, other])
        {
            File.WriteAllText(file, "");
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(-91));
        }

        Read();
        Assert.False(File.Exists(old));
        Assert.True(File.Exists(other));
    }

    private string Cache => _folder.File("cache");

    private Dataset Read(PictureOptions? options = null) => Read(options ?? new PictureOptions { Size = 8 }, Cache);

    private Dataset Read(PictureOptions options, string? cache) => PictureFolder.Read(
        _folder.File("pictures"),
        options with { Formats = new DataFormats { Pictures = [_decoder], Cache = cache } }, _notes.Add);

    private void Save(string name, int seed)
    {
        string path = _folder.File($"pictures/{name}");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        new PngImage(10, 9, 3, [.. Enumerable.Range(0, 270).Select(i => (byte)(i * (seed + 3) + seed))]).Save(path);
    }

    private static void AssertSame(Dataset expected, Dataset actual)
    {
        Assert.Equal(expected.EventShape, actual.EventShape);
        Assert.Equal(expected.Names!.Value.ToArray(), actual.Names!.Value.ToArray());
        Assert.Equal(expected.Sha256, actual.Sha256);
    }

    private sealed class CountingDecoder : PictureDecoder
    {
        private int _decoded;

        /// <summary>How many whole pictures were decoded.</summary>
        public int Decoded
        {
            get => _decoded;
            set => _decoded = value;
        }

        public override string Format => "PNG";

        public override bool Recognises(ReadOnlySpan<byte> content) => PngDecoder.Instance.Recognises(content);

        public override (int Width, int Height) Measure(string path, ReadOnlyMemory<byte> content) =>
            PngDecoder.Instance.Measure(path, content);

        public override Picture Decode(string path, ReadOnlyMemory<byte> content, long maxSamples)
        {
            Picture picture = PngDecoder.Instance.Decode(path, content, maxSamples);
            Interlocked.Increment(ref _decoded);
            return picture;
        }
    }
}
