using System.Buffers.Binary;
using System.IO.Compression;

namespace Reparam.Data;

/// <summary>
/// Reads MATLAB v5 <c>.mat</c> files: real numeric arrays, plain or compressed. Cells, structs, objects, text, sparse and complex
/// arrays are refused by name, as is version 7.3 (which is HDF5).
/// </summary>
public static class MatFile
{
    private const int HeaderSize = 128;

    /// <summary>Reads all numeric variables, by name, in row-major order.</summary>
    /// <exception cref="InvalidDataFileException">The content is not a whole MATLAB v5 file of real numeric arrays.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static IReadOnlyDictionary<string, NumericArray> Read(string path) => Read(UnpackedFile.Read(path));

    internal static bool IsMat(ReadOnlySpan<byte> content) => content.StartsWith("MATLAB "u8);

    internal static IReadOnlyDictionary<string, NumericArray> Read(UnpackedFile file)
    {
        ReadOnlySpan<byte> content = file.Content;
        if (content.StartsWith("MATLAB 7.3"u8))
            throw file.Bad(0, "it is a MATLAB 7.3 file (HDF5), which is not read; save it again in MATLAB with save(..., '-v7').");
        if (!IsMat(content) || content.Length < HeaderSize)
            throw file.Bad(0, "a MATLAB v5 file begins with 128 bytes of header; this one is cut short or of another format.");
        if (content[126] == 'M' && content[127] == 'I')
            throw file.Bad(126, "it is a big-endian MATLAB file, which is not read; save it again on a current machine.");
        if (content[126] != 'I' || content[127] != 'M' || BinaryPrimitives.ReadUInt16LittleEndian(content[124..]) != 0x0100)
            throw file.Bad(124, "its header is not that of MATLAB version 5; save it again with save(..., '-v7').");

        Dictionary<string, NumericArray> variables = new(StringComparer.Ordinal);
        int at = HeaderSize;
        while (at < content.Length)
        {
            MatElement element = MatElement.At(file, file.Content, at, content.Length, padded: false);
            NumericArray array;
            string name;
            if (element.Type == MatElement.Compressed) (name, array) = Inflate(file, element);
            else if (element.Type == MatElement.Matrix) (name, array) = MatMatrix.Read(file, file.Content, element);
            else throw file.Bad(at, $"an element of type {element.Type} stands where a variable should; the file is damaged.");
            if (!variables.TryAdd(name, array)) throw file.Bad(at, $"it has two variables named '{name}'; save it again.");
            at = element.End;
        }

        return variables;
    }

    /// <summary>The one array of a file that may hold several.</summary>
    internal static NumericArray Only(IReadOnlyDictionary<string, NumericArray> arrays, string path) => arrays.Count switch
    {
        1 => arrays.Values.First(),
        0 => throw new InvalidDataFileException(path, 0, "it holds no array; save one into it."),
        _ => throw new InvalidDataFileException(path, 0, $"it holds {arrays.Count} arrays ({string.Join(", ", arrays.Keys.Order(StringComparer.Ordinal).Take(8))}); keep only the data in a file of its own."),
    };

    private static (string Name, NumericArray Array) Inflate(UnpackedFile file, MatElement packed)
    {
        using ZLibStream stream = new(new MemoryStream(file.Content, packed.Data, packed.Length, writable: false), CompressionMode.Decompress);
        byte[] tag = new byte[8];
        if (Inflation.Fill(stream, tag, file.Path, packed.Data) < tag.Length)
            throw file.Bad(packed.Data, "a compressed variable ends at once; fetch or copy the file again.");
        uint type = BinaryPrimitives.ReadUInt32LittleEndian(tag);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(tag.AsSpan(4));
        // Deflate cannot expand by more than about 1032:1, so a larger claim is a lie.
        if (type != MatElement.Matrix || length > UnpackedFile.MaxBytes || length > 1040L * (packed.Length + 16))
            throw file.Bad(packed.Data, "a compressed variable does not begin as an array does; the file is damaged.");
        byte[] content = Inflation.ReadExactly(stream, length, file.Path, packed.Data);
        return MatMatrix.Read(file, content, new MatElement(MatElement.Matrix, 0, content.Length, content.Length));
    }
}
