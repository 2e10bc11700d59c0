using System.Buffers.Binary;
using Reparam.Data;

namespace Reparam.Tests.Data.Npy;

public sealed class NpzFileTests
{
    private static readonly byte[] Images = NpyFileTests.Written(NumericArray.FromBytes([3, 2], [1, 2, 3, 4, 5, 6]));
    private static readonly byte[] Labels = NpyFileTests.Written(NumericArray.FromInt32([3], [7, 8, 9]));

    [Fact]
    public void Entries_are_read_by_name()
    {
        IReadOnlyDictionary<string, NumericArray> arrays = Read(
            Packing.Zip(("images.npy", Images), ("labels.npy", Labels)));
        Assert.Equal([7, 8, 9], arrays["labels"].ToInt32());
        Assert.Equal([3, 2], arrays["images"].Shape);
    }

    [Fact]
    public void Single_entry_is_read_as_an_array_and_labels_are_left_beside_it()
    {
        Assert.Equal(
            [3, 2], DataFile.Read(UnpackedFile.FromBytes("one.npz", Packing.Zip(("images.npy", Images)))).Shape);
        Assert.Equal([3, 2], DataFile.Read(
            UnpackedFile.FromBytes("two.npz", Packing.Zip(("images.npy", Images), ("labels.npy", Labels)))).Shape);
    }

    [Fact]
    public void Repeated_name_is_refused() =>
        Assert.Throws<InvalidDataFileException>(() => Read(Packing.Zip(("a.npy", Images), ("a.npy", Labels))));

    [Fact]
    public void Directory_that_lies_about_a_size_is_refused()
    {
        byte[] zip = Packing.Zip(("a.npy", Images));
        int directory = zip.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        foreach (uint lie in (uint[])[0, 10, 128, 1 << 20, uint.MaxValue - 1])
        {
            byte[] liar = [.. zip];
            BinaryPrimitives.WriteUInt32LittleEndian(liar.AsSpan(directory + 24), lie);
            Assert.Throws<InvalidDataFileException>(() => Read(liar));
        }
    }

    [Fact]
    public void Missing_directory_is_at_the_end_and_not_at_byte_0()
    {
        InvalidDataFileException failure = Assert.Throws<InvalidDataFileException>(
            () => NpzFile.Read(new UnpackedFile("cut.npz", [.. "PK\u0003\u0004"u8, .. new byte[60]])));
        Assert.Equal("'cut.npz': its zip directory, at the end of the file, is missing or damaged; fetch or copy the " +
            "file again.", failure.Message);
    }

    [Fact]
    public void Wrong_checksum_is_refused()
    {
        byte[] zip = Packing.Zip(("a.npy", Images));
        zip[zip.AsSpan().LastIndexOf("PK\u0001\u0002"u8) + 16] ^= 1;
        Assert.Throws<InvalidDataFileException>(() => Read(zip));
    }

    [Fact]
    public void Mutants_meet_only_the_typed_error() =>
        Mutations.Survive<InvalidDataFileException>(
            Packing.Zip(("images.npy", Images), ("labels.npy", Labels)), 4000, mutant => Read(mutant));

    private static IReadOnlyDictionary<string, NumericArray> Read(byte[] content) =>
        NpzFile.Read(UnpackedFile.FromBytes("test.npz", content));
}
