using System.Buffers.Binary;
using System.IO.Compression;

namespace Reparam.Data;

/// <summary>
/// Reads MATLAB v5 <c>.mat</c> files: real numeric and logical arrays, full or sparse, plain or compressed. Cells,
/// structs, objects, text and complex arrays are ignored. A file that contains nothing else is refused with a message
/// that names its content. Files of versions 4 and 7.3 (HDF5) are refused.
/// </summary>
public static class MatFile
{
    private const int HeaderSize = 128;

    /// <summary>Reads all numeric variables, by name, in row-major order. Other variables are ignored.</summary>
    /// <exception cref="InvalidDataFileException">The content is not a complete MATLAB v5 file, or it has variables and
    /// none of them is a real numeric array.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static IReadOnlyDictionary<string, NumericArray> Read(string path) => Read(UnpackedFile.Read(path));

    internal static bool IsMat(ReadOnlySpan<byte> content) => content.StartsWith("MATLAB "u8);

    internal static IReadOnlyDictionary<string, NumericArray> Read(UnpackedFile file) =>
        ArrayMember.ReadAll(Members(file));

    /// <summary>
    /// Whether content begins with the header of a version 4 matrix: a type, extents, a flag, and a name with the
    /// length that the header gives.
    /// </summary>
    internal static bool IsVersion4(ReadOnlySpan<byte> content)
    {
        if (content.Length < 22) return false;
        int first = BinaryPrimitives.ReadInt32LittleEndian(content);
        bool big = first is not (>= 0 and < 5000);
        Span<int> words = stackalloc int[5];
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = big ? BinaryPrimitives.ReadInt32BigEndian(content[(4 * i)..])
                : BinaryPrimitives.ReadInt32LittleEndian(content[(4 * i)..]);
        }

        bool type = words[0] / 1000 is 0 or 1 && words[0] / 100 % 10 == 0 && words[0] / 10 % 10 <= 5
            && words[0] % 10 <= 2 && words[0] >= 0;
        if (!type || words[1] < 0 || words[2] < 0 || words[3] is not (0 or 1) || words[4] is < 2 or > 64
            || content.Length < 20 + words[4])
            return false;
        ReadOnlySpan<byte> name = content.Slice(20, words[4]);
        return name[^1] == 0 && !name[..^1].ContainsAnyExceptInRange((byte)'0', (byte)'z');
    }

    /// <summary>The variables of a file.</summary>
    internal static IReadOnlyList<ArrayMember> Members(UnpackedFile file)
    {
        ReadOnlySpan<byte> content = file.Content;
        if (content.StartsWith("MATLAB 7.3"u8))
        {
            throw file.Bad(0,
                "it is a MATLAB 7.3 file (HDF5), which is not supported; save it again in MATLAB with save(..., " +
                "'-v7'), or convert it in Python: numpy.save('data.npy', h5py.File('data.mat')['NAME'][:].T).");
        }

        if (!IsMat(content) || content.Length < HeaderSize)
        {
            throw file.Bad(
                0, "a MATLAB v5 file begins with a header of 128 bytes; this file is cut short or has another format.");
        }

        if (content[126] == 'M' && content[127] == 'I')
        {
            throw file.Bad(
                126, "it is a big-endian MATLAB file, which is not supported; save it again on a current machine.");
        }

        if (content[126] != 'I' || content[127] != 'M'
            || BinaryPrimitives.ReadUInt16LittleEndian(content[124..]) != 0x0100)
            throw file.Bad(124, "its header is not that of MATLAB version 5; save it again with save(..., '-v7').");

        List<ArrayMember> variables = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        int at = HeaderSize;
        // Some writers fill the last block with zeros.
        while (at < content.Length && content[at..].ContainsAnyExcept((byte)0))
        {
            MatElement element = MatElement.At(file, file.Content, at, content.Length, padded: false);
            ArrayMember? variable = element.Type switch
            {
                MatElement.Compressed => Inflate(file, element),
                MatElement.Matrix => MatMatrix.Of(file, file.Content, element),
                _ => throw file.Bad(
                    at, $"an element of type {element.Type} is at the place of a variable; the file is damaged."),
            };
            if (variable is not null && !names.Add(variable.Name))
                throw file.Bad(at, $"it has two variables named '{variable.Name}'; save it again.");
            if (variable is not null) variables.Add(variable);
            at = element.End;
        }

        return variables;
    }

    private static ArrayMember? Inflate(UnpackedFile file, MatElement packed)
    {
        using ZLibStream stream = new(
            new MemoryStream(file.Content, packed.Data, packed.Length, writable: false), CompressionMode.Decompress);
        byte[] tag = new byte[8];
        if (Inflation.Fill(stream, tag, file.Path, packed.Data) < tag.Length)
            throw file.Bad(packed.Data, "a compressed variable ends too early; fetch or copy the file again.");
        uint type = BinaryPrimitives.ReadUInt32LittleEndian(tag);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(tag.AsSpan(4));
        // Deflate cannot expand by more than about 1032:1, so a larger declared size is false.
        if (type != MatElement.Matrix || length > UnpackedFile.MaxBytes || length > 1040L * (packed.Length + 16))
            throw file.Bad(packed.Data, "a compressed variable does not begin like an array; the file is damaged.");
        byte[] content = Inflation.ReadExactly(stream, length, file.Path, packed.Data);
        return MatMatrix.Of(file, content, new MatElement(MatElement.Matrix, 0, content.Length, content.Length));
    }
}
