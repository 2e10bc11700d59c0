using System.Text;
using Reparam.Data;
using Reparam.Testing;

namespace Reparam.Tests.Data.Npy;

public sealed class NpyFileTests
{
    [Fact]
    public void Header_is_byte_for_byte_what_numpy_writes()
    {
        byte[] written = Written(NumericArray.FromFloat32([2, 3], [1, 2, 3, 4, 5, 6]));
        byte[] expected = new byte[128];
        expected.AsSpan().Fill((byte)' ');
        ((byte[])[0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"u8])
            .CopyTo(expected, 0);
        expected[127] = (byte)'\n';
        Assert.Equal(expected, written[..128]);
        Assert.Equal(128 + 24, written.Length);
    }

    [Fact]
    public void Written_arrays_read_back()
    {
        foreach (NumericArray array in (NumericArray[])[
            NumericArray.FromFloat32([2, 3], [1, float.NaN, -0f, float.MaxValue, 5, float.NegativeInfinity]),
            NumericArray.FromBytes([5], [1, 2, 3, 4, 255]),
            NumericArray.FromInt32([], [int.MinValue]),
            NumericArray.FromInt32([0, 4], [])])
        {
            NumericArray back = Read(Written(array));
            Assert.Equal(array.Kind, back.Kind);
            Assert.Equal(array.Shape, back.Shape);
            Assert.Equal(array.Content.ToArray(), back.Content.ToArray());
        }
    }

    [Fact]
    public void Fortran_order_and_big_endian_are_turned_round()
    {
        byte[] data = [0, 1, 0, 4, 0, 2, 0, 5, 0, 3, 0, 6]; // columns of [[1, 2, 3], [4, 5, 6]], big-endian
        Assert.Equal([1, 2, 3, 4, 5, 6],
            Read(Npy("{'descr': '>i2', 'fortran_order': True, 'shape': (2, 3), }", data)).ToInt32());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Later_versions_are_read(byte version)
    {
        byte[] text = Encoding.ASCII.GetBytes("{'shape': (2,), 'fortran_order': False, 'descr': '|u1'}\n");
        Assert.Equal(
            [7, 8], Read([0x93, .. "NUMPY"u8, version, 0, (byte)text.Length, 0, 0, 0, .. text, 7, 8]).ToInt32());
    }

    [Theory]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "pickle")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "structured")]
    [InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", "not supported")]
    [InlineData("{'descr': '|f4', 'fortran_order': False, 'shape': (1,), }", "not supported")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "whole number")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999, 99999), }", "more elements")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,), }", "whole number")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1), }", "axes")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", "needs 12 bytes")]
    [InlineData("{'descr': '<f4', 'fortran_order': 0, 'shape': (2,), }", "neither")]
    [InlineData("{'descr': '<f4', 'shape': (2,), }", "lacks")]
    [InlineData("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "repeated")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), } or exit()", "closing brace")]
    [InlineData("{'descr': '<f4", "quote")]
    [InlineData("", "lacks '{'")]
    public void Bad_header_is_refused_with_the_reason(string header, string reason) =>
        Assert.Contains(reason, Assert.Throws<InvalidDataFileException>(() => Read(Npy(header, new byte[8]))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Python_reads_what_is_written()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("a.npy");
        NpyFile.Write(path, NumericArray.FromFloat32([2, 3], [1, 2, 3, 4, 5, 6.5f]));
        const string script = """
            import ast, struct, sys
            b = open(sys.argv[1], 'rb').read()
            n = struct.unpack('<H', b[8:10])[0]
            h = ast.literal_eval(b[10:10 + n].decode('latin-1'))
            print(b[:8], (10 + n) % 64, h['descr'], h['fortran_order'], h['shape'], struct.unpack('<6f', b[10 + n:]))
            """;
        (int code, string output) = OutsideTool.Run("python3", "-c", script, path);
        Assert.Equal(0, code);
        Assert.Equal("b'\\x93NUMPY\\x01\\x00' 0 <f4 False (2, 3) (1.0, 2.0, 3.0, 4.0, 5.0, 6.5)", output.Trim());
    }

    [Fact]
    public void Mutants_meet_only_the_typed_error() =>
        Mutations.Survive<InvalidDataFileException>(
            Written(NumericArray.FromFloat32([2, 3], [1, 2, 3, 4, 5, 6])), 5000, mutant => Read(mutant));

    internal static byte[] Npy(string header, ReadOnlySpan<byte> data) =>
        [0x93, .. "NUMPY"u8, 1, 0, (byte)(header.Length + 1), (byte)((header.Length + 1) >> 8),
            .. Encoding.ASCII.GetBytes(header), (byte)'\n', .. data];

    internal static byte[] Written(NumericArray array)
    {
        using MemoryStream stream = new();
        NpyFile.Write(stream, array);
        return stream.ToArray();
    }

    private static NumericArray Read(byte[] content) => NpyFile.Read(UnpackedFile.FromBytes("test.npy", content));
}
