using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Reparam.Serialization;

namespace Reparam.Data;

/// <summary>
/// Reads and writes NumPy's <c>.npy</c> (NumPy Enhancement Proposal 1). Reads versions 1 to 3, booleans, integers of 1 to 8 bytes,
/// <c>f4</c> and <c>f8</c> in both byte orders; Fortran order is transposed on the way in. Object arrays (pickle) are refused.
/// </summary>
public static class NpyFile
{
    private const int MaxHeader = 10_000; // NumPy's own limit

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads one array.</summary>
    /// <exception cref="InvalidDataFileException">The content is not a whole .npy file of plain numbers.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static NumericArray Read(string path) => Read(UnpackedFile.Read(path));

    /// <summary>Writes one array, version 1.0, C order. The file appears whole or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written; an older file of that name is left as it was.</exception>
    public static void Write(string path, NumericArray array) => AtomicFile.Write(path, stream => Write(stream, array));

    /// <summary>Writes one array to a stream, version 1.0, C order.</summary>
    public static void Write(Stream stream, NumericArray array)
    {
        string extents = string.Concat(array.Shape.AsSpan().ToArray().Select(e => e.ToString(CultureInfo.InvariantCulture) + ", "));
        // Python writes (5,) for one axis, (5, 6) for two and () for none.
        string shape = array.Shape.Rank == 1 ? extents.TrimEnd() : extents.TrimEnd(',', ' ');
        string text = $"{{'descr': '{DescrOf(array.Kind)}', 'fortran_order': False, 'shape': ({shape}), }}";
        int length = (10 + text.Length + 1 + 63) / 64 * 64 - 10; // data starts at a multiple of 64
        byte[] head = new byte[10 + length];
        Magic.CopyTo(head);
        head[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(8), (ushort)length);
        head.AsSpan(10).Fill((byte)' ');
        Encoding.ASCII.GetBytes(text, head.AsSpan(10));
        head[^1] = (byte)'\n';
        stream.Write(head);
        stream.Write(array.Content.Span);
    }

    internal static bool IsNpy(ReadOnlySpan<byte> content) => content.StartsWith(Magic);

    internal static NumericArray Read(UnpackedFile file)
    {
        ReadOnlySpan<byte> content = file.Content;
        if (!IsNpy(content)) throw file.Bad(0, "a .npy file begins with \\x93NUMPY; this is another format.");
        if (content.Length < 12) throw file.Bad(content.Length, "its header is cut short; fetch or copy it again.");
        int major = content[6];
        if (major is < 1 or > 3) throw file.Bad(6, $"it is .npy version {major}.{content[7]}, and versions 1 to 3 are read; save it again with numpy.save.");
        int start = major == 1 ? 10 : 12;
        long length = major == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(content[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(content[8..]);
        if (length > MaxHeader) throw file.Bad(8, $"its header has {length} bytes, and at most {MaxHeader} are read; the file is damaged.");
        if (start + length > content.Length) throw file.Bad(content.Length, "its header is cut short; fetch or copy it again.");

        NpyHeader header = NpyHeader.Parse(file, start, (int)length);
        (ElementKind kind, bool swapped) = KindOf(file, header.Descr);
        int at = start + (int)length;
        long needed = (long)header.Shape.Size * kind.Size();
        if (content.Length - at != needed)
            throw file.Bad(at, $"its shape {header.Shape} needs {needed} bytes of data and it has {content.Length - at}; fetch or copy it again.");
        if (kind.Size() > 1 && needed > Array.MaxLength) throw file.Bad(at, "it holds more bytes than one array can; split it.");
        if (!swapped && !header.FortranOrder) return new NumericArray(kind, header.Shape, file.Content.AsMemory(at));
        byte[] elements = header.FortranOrder
            ? ColumnMajor.ToRowMajor(content[at..], header.Shape, kind.Size())
            : content[at..].ToArray();
        if (swapped) ElementKinds.SwapBytes(elements, kind.Size());
        return new NumericArray(kind, header.Shape, elements);
    }

    private static (ElementKind Kind, bool Swapped) KindOf(UnpackedFile file, string descr)
    {
        if (descr.Contains('O')) throw file.Bad(10, "it holds Python objects (a pickle), which are never read; save it as plain numbers.");
        ElementKind? kind = descr.Length != 3 ? null : descr[1..] switch
        {
            "b1" => ElementKind.Boolean,
            "u1" => ElementKind.UInt8,
            "i1" => ElementKind.Int8,
            "u2" => ElementKind.UInt16,
            "i2" => ElementKind.Int16,
            "u4" => ElementKind.UInt32,
            "i4" => ElementKind.Int32,
            "u8" => ElementKind.UInt64,
            "i8" => ElementKind.Int64,
            "f4" => ElementKind.Float32,
            "f8" => ElementKind.Float64,
            _ => null,
        };
        bool orderFits = kind is { } k && (k.Size() == 1 ? descr[0] is '|' or '<' or '>' : descr[0] is '<' or '>');
        return orderFits
            ? (kind!.Value, descr[0] == '>')
            : throw file.Bad(10, $"its element type '{(descr.Length > 20 ? descr[..20] : descr)}' is not read; convert it with .astype('float32') or another plain type.");
    }

    private static string DescrOf(ElementKind kind) => kind switch
    {
        ElementKind.Boolean => "|b1",
        ElementKind.UInt8 => "|u1",
        ElementKind.Int8 => "|i1",
        ElementKind.UInt16 => "<u2",
        ElementKind.Int16 => "<i2",
        ElementKind.UInt32 => "<u4",
        ElementKind.Int32 => "<i4",
        ElementKind.UInt64 => "<u8",
        ElementKind.Int64 => "<i8",
        ElementKind.Float32 => "<f4",
        _ => "<f8",
    };
}
