using System.Buffers.Binary;
using System.Text;
using Reparam.Data;

namespace Reparam.Tests.Data.Mat;

public sealed class MatFileTests
{
    private static readonly byte[] Bytes2x3 = Matrix("x", 9, [2, 3], 2, [1, 4, 2, 5, 3, 6]);

    [Fact]
    public void Columns_become_rows_plain_and_compressed()
    {
        byte[] packed = Packing.Zlib(Bytes2x3);
        foreach (byte[] content in (byte[][])[File(Bytes2x3), File(Element(15, packed, pad: false))])
        {
            NumericArray array = DataFile.Read(UnpackedFile.FromBytes("any", content));
            Assert.Equal([2, 3], array.Shape);
            Assert.Equal([1, 2, 3, 4, 5, 6], array.ToInt32());
        }
    }

    [Fact]
    public void Doubles_saved_as_bytes_are_doubles_again()
    {
        NumericArray array = MatFile.Read(UnpackedFile.FromBytes("any", File(Matrix("d", 6, [1, 2], 2, [3, 4]))))["d"];
        Assert.Equal(ElementKind.Float64, array.Kind);
        Assert.Equal([3.0, 4.0], array.ToFloat64());
    }

    [Fact]
    public void Several_variables_are_read_by_name() =>
        Assert.Equal(["x", "y"], MatFile.Read(
            UnpackedFile.FromBytes("any", File([.. Bytes2x3, .. Matrix("y", 9, [1, 1], 2, [1])]))).Keys.Order());

    [Theory]
    [InlineData(1, "cell")]
    [InlineData(2, "struct")]
    [InlineData(3, "object")]
    [InlineData(4, "text")]
    [InlineData(16, "function")]
    [InlineData(0x0806, "complex")]
    [InlineData(77, "unknown class")]
    public void Other_classes_are_refused_by_name(int flags, string name) =>
        Refused(File(Matrix("x", flags, [1, 1], 2, [1])), name);

    [Fact]
    public void Version_7_3_and_big_endian_are_refused_by_name()
    {
        byte[] hdf = File(Bytes2x3), big = File(Bytes2x3);
        "MATLAB 7.3"u8.CopyTo(hdf);
        (big[126], big[127]) = ((byte)'M', (byte)'I');
        Refused(hdf, "7.3");
        Refused(big, "big-endian");
    }

    [Fact]
    public void Lying_dimensions_and_lengths_are_refused()
    {
        Refused(File(Matrix("x", 9, [2, 4], 2, [1, 2, 3])), "need 8 bytes");
        Refused(File(Matrix("x", 9, [int.MaxValue, int.MaxValue], 2, [1])), "too large");
        Refused(File(Matrix("x", 9, [-1, 1], 2, [1])), "negative");
        Refused(File(Bytes2x3.AsSpan(0, Bytes2x3.Length - 5)), "cut short");
        byte[] packed = Packing.Zlib(Bytes2x3);
        Refused(File(Element(15, packed.AsSpan(0, packed.Length - 8), pad: false)), "compressed");
        byte[] claims = [.. Bytes2x3];
        BinaryPrimitives.WriteUInt32LittleEndian(claims.AsSpan(4), 1u << 29);
        Refused(File(Element(15, Packing.Zlib(claims), pad: false)), "compressed");
    }

    [Fact]
    public void Amat_name_with_matlab_inside_is_read()
    {
        using Testing.TemporaryFolder folder = new();
        Assert.Equal([2, 3], AmatFile.Read(folder.Holding("binarized.amat", File(Bytes2x3))).Shape);
    }

    [Fact]
    public void Mutants_meet_only_the_typed_error()
    {
        foreach (byte[] valid in (byte[][])[File(Bytes2x3), File(Element(15, Packing.Zlib(Bytes2x3), pad: false)),
            File(Matrix("d", 6, [1, 2], 2, [3, 4]))])
        {
            Mutations.Survive<InvalidDataFileException>(
                valid, 3000, mutant => MatFile.Read(UnpackedFile.FromBytes("mutant", mutant)));
        }
    }

    private static void Refused(byte[] content, string reason) =>
        Assert.Contains(reason, Assert.Throws<InvalidDataFileException>(
            () => MatFile.Read(UnpackedFile.FromBytes("any", content))).Message, StringComparison.Ordinal);

    private static byte[] File(ReadOnlySpan<byte> elements)
    {
        byte[] header = new byte[128];
        Encoding.ASCII.GetBytes("MATLAB 5.0 MAT-file, made by a test".PadRight(116), header);
        (header[125], header[126], header[127]) = (1, (byte)'I', (byte)'M');
        return [.. header, .. elements];
    }

    private static byte[] Matrix(string name, int flags, int[] dimensions, uint type, byte[] data)
    {
        byte[] word = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(word, flags);
        byte[] extents = new byte[dimensions.Length * 4];
        for (int i = 0; i < dimensions.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(extents.AsSpan(i * 4), dimensions[i]);
        return Element(14, [.. Element(6, word), .. Element(5, extents), .. Small(1, Encoding.ASCII.GetBytes(name)),
            .. Element(type, data)]);
    }

    private static byte[] Element(uint type, ReadOnlySpan<byte> data, bool pad = true)
    {
        byte[] element = new byte[8 + (pad ? (data.Length + 7) / 8 * 8 : data.Length)];
        BinaryPrimitives.WriteUInt32LittleEndian(element, type);
        BinaryPrimitives.WriteInt32LittleEndian(element.AsSpan(4), data.Length);
        data.CopyTo(element.AsSpan(8));
        return element;
    }

    private static byte[] Small(byte type, ReadOnlySpan<byte> data)
    {
        byte[] element = [type, 0, (byte)data.Length, 0, 0, 0, 0, 0];
        data.CopyTo(element.AsSpan(4));
        return element;
    }
}
