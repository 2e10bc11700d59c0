using Reparam.Data;
using Reparam.Testing;

namespace Reparam.Tests.Data.Idx;

public sealed class IdxFileTests : IDisposable
{
    private static readonly byte[] TwoByThree = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Plain_and_gzipped_content_read_alike()
    {
        foreach (byte[] content in (byte[][])[TwoByThree, Packing.Gzip(TwoByThree)])
        {
            NumericArray array = DataFile.Read(_folder.Holding("any.name", content));
            Assert.Equal([2, 3], array.Shape);
            Assert.Equal(ElementKind.UInt8, array.Kind);
            Assert.Equal([1, 2, 3, 4, 5, 6], array.Content.ToArray());
        }
    }

    [Theory]
    [InlineData(0x09, new byte[] { 0xFF }, -1)]
    [InlineData(0x0B, new byte[] { 0xFF, 0xFE }, -2)]
    [InlineData(0x0C, new byte[] { 0, 1, 0, 0 }, 65536)]
    [InlineData(0x0D, new byte[] { 0x3F, 0xC0, 0, 0 }, 1.5)]
    [InlineData(0x0E, new byte[] { 0xC0, 0, 0, 0, 0, 0, 0, 0 }, -2)]
    public void Every_element_type_is_read_big_endian(byte code, byte[] element, double expected) =>
        Assert.Equal(expected, IdxFile.Read(_folder.Holding("a", [0, 0, code, 1, 0, 0, 0, 1, .. element]))[0]);

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 0, 0 })]
    [InlineData(new byte[] { 0, 0, 8, 0 })]
    [InlineData(new byte[] { 0, 0, 8, 9 })]
    [InlineData(new byte[] { 0, 0, 7, 1, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0 })]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0, 0, 2, 1 })]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0, 0, 1, 1, 2 })]
    [InlineData(new byte[] { 0, 0, 8, 1, 0xFF, 0xFF, 0xFF, 0xFF, 1 })]
    [InlineData(new byte[] { 0, 0, 8, 3, 0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF })]
    [InlineData(new byte[] { 0, 0, 8, 2, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0 })]
    public void Damaged_content_is_refused_with_file_and_offset(byte[] content)
    {
        string path = _folder.Holding("bad", content);
        InvalidDataFileException error = Assert.Throws<InvalidDataFileException>(() => IdxFile.Read(path));
        Assert.Equal(path, error.Path);
        Assert.InRange(Assert.NotNull(error.Offset), 0, content.Length);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Truncated_gzip_is_noticed_at_every_length()
    {
        byte[] content = [0, 0, 8, 1, 0, 0, 0x40, 0, .. Enumerable.Range(0, 0x4000).Select(i => (byte)(i * i / 7))];
        byte[] packed = Packing.Gzip(content);
        for (int length = 2; length < packed.Length; length += Math.Max(1, packed.Length / 300))
        {
            Assert.Throws<InvalidDataFileException>(
                () => IdxFile.Read(UnpackedFile.FromBytes("cut.gz", packed[..length])));
        }
    }

    [Theory]
    [InlineData(24, 4)] // the trailer ends with three zeros
    [InlineData(0x1_0203, 4)] // with one
    [InlineData(0x4000, 512)]
    [InlineData(0x4000, 100_000)]
    public void Zeros_after_a_gzip_file_are_ignored(int count, int padding)
    {
        byte[] content = [0, 0, 8, 1, 0, (byte)(count >> 16), (byte)(count >> 8), (byte)count,
            .. Enumerable.Range(0, count).Select(i => (byte)(i * i / 7))];
        byte[] packed = Packing.Gzip(content), zeros = new byte[padding];
        Assert.Equal(content, UnpackedFile.FromBytes("padded.gz", [.. packed, .. zeros]).Content);
        foreach (int cut in (int[])[9, 12, packed.Length / 2])
        {
            Assert.Throws<InvalidDataFileException>(
                () => UnpackedFile.FromBytes("cut.gz", [.. packed[..^cut], .. zeros]));
        }
    }

    [Fact]
    public void Wrong_checksum_or_size_of_a_gzip_file_is_refused()
    {
        byte[] packed = Packing.Gzip(TwoByThree);
        Assert.Equal(TwoByThree, UnpackedFile.FromBytes("whole.gz", packed).Content);
        for (int i = packed.Length - 8; i < packed.Length; i++)
        {
            byte[] wrong = [.. packed];
            wrong[i] ^= 1;
            Assert.Throws<InvalidDataFileException>(() => UnpackedFile.FromBytes("wrong.gz", wrong));
        }
    }

    [Fact]
    public void Concatenated_gzip_members_are_refused() =>
        Assert.Throws<InvalidDataFileException>(() => IdxFile.Read(
            UnpackedFile.FromBytes("two.gz", [.. Packing.Gzip(TwoByThree), .. Packing.Gzip(TwoByThree)])));

    [Fact]
    public void Gzip_bomb_behind_a_small_header_is_refused_before_it_is_inflated()
    {
        byte[] bomb = new byte[32 << 20];
        TwoByThree.CopyTo(bomb, 0);
        byte[] packed = Packing.Gzip(bomb);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataFileException>(() => IdxFile.Read(UnpackedFile.FromBytes("bomb.gz", packed)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void Missing_file_is_named()
    {
        string path = _folder.File("none.idx");
        Assert.Contains(
            path, Assert.Throws<FileNotFoundException>(() => IdxFile.Read(path)).Message, StringComparison.Ordinal);
        Assert.Contains(_folder.Path, Assert.Throws<FileNotFoundException>(() => IdxFile.Read(_folder.Path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Mutants_meet_only_the_typed_error()
    {
        Mutations.Survive<InvalidDataFileException>(
            TwoByThree, 4000, mutant => IdxFile.Read(UnpackedFile.FromBytes("mutant", mutant)));
        byte[] large = [0, 0, 8, 1, 0, 0, 4, 0, .. new byte[1024]];
        Mutations.Survive<InvalidDataFileException>(
            Packing.Gzip(large), 4000, mutant => DataFile.Read(UnpackedFile.FromBytes("mutant", mutant)));
    }
}
