using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Reparam.Serialization;
using Reparam.Tensors;

namespace Reparam.Data;

/// <summary>
/// Reads and writes NumPy's <c>.npy</c> files (NumPy Enhancement Proposal 1). Reads versions 1 to 3 with booleans,
/// integers of 1 to 8 bytes, <c>f2</c> (converted to 32-bit floats of the same values), <c>f4</c> and <c>f8</c>, in
/// both byte orders. Arrays in Fortran order are converted to row-major order. Object arrays (pickle), text, dates,
/// complex and structured arrays are refused.
/// </summary>
public static class NpyFile
{
    private const int MaxHeader = 10_000; // NumPy's own limit

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads one array.</summary>
    /// <exception cref="InvalidDataFileException">The content is not a complete .npy file of plain numbers.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static NumericArray Read(string path) => Read(UnpackedFile.Read(path));

    /// <summary>Writes one array in version 1.0 and C order. The file is written completely or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written. An older file of that name is unchanged.</exception>
    public static void Write(string path, NumericArray array) => AtomicFile.Write(path, stream => Write(stream, array));

    /// <summary>Writes one array to a stream in version 1.0 and C order.</summary>
    public static void Write(Stream stream, NumericArray array)
    {
        string extents = string.Concat(
            array.Shape.AsSpan().ToArray().Select(e => e.ToString(CultureInfo.InvariantCulture) + ", "));
        // Python writes (5,) for one axis, (5, 6) for two and () for none.
        string shape = array.Shape.Rank == 1 ? extents.TrimEnd() : extents.TrimEnd(',', ' ');
        string text = $"{{'descr': '{DescrOf(array.Kind)}', 'fortran_order': False, 'shape': ({shape}), }}";
        int length = (10 + text.Length + 1 + 63) / 64 * 64 - 10; // data start at a multiple of 64
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
        NpyHeader header = HeaderOf(file, out int at);
        ReadOnlySpan<byte> content = file.Content;
        if (Foreign(header.Descr) is { } foreign) throw file.Bad(10, Refusal(header.Descr, foreign));
        (ElementKind kind, int size, bool swapped) = KindOf(header.Descr)!.Value;
        long needed = (long)header.Shape.Size * size;
        if (content.Length - at > needed && IsNpy(content[(int)(at + needed)..]))
        {
            throw file.Bad(at + needed, "a second array follows the first (numpy.save was called twice on one file); " +
                "save each array in its own file, or all arrays with numpy.savez.");
        }

        if (content.Length - at != needed)
        {
            throw file.Bad(at, $"its shape {header.Shape} needs {needed} bytes of data and the file has " +
                $"{content.Length - at}; fetch or copy it again.");
        }

        if (size > 1 && needed > Array.MaxLength)
            throw file.Bad(at, "it contains more bytes than one array can hold; split it.");
        if (!swapped && !header.FortranOrder && size == kind.Size())
            return new NumericArray(kind, header.Shape, file.Content.AsMemory(at));
        byte[] elements = header.FortranOrder
            ? ColumnMajor.ToRowMajor(content[at..], header.Shape, size)
            : content[at..].ToArray();
        if (swapped) ElementKinds.SwapBytes(elements, size);
        return size == kind.Size() ? new NumericArray(kind, header.Shape, elements)
            : Widened(file, at, header.Shape, elements);
    }

    /// <summary>Where the elements of an array are in its file, by the first <see cref="LongestHead"/> bytes.</summary>
    /// <exception cref="InvalidDataFileException">The header is damaged, or the elements are not plain numbers in C
    /// order.</exception>
    internal static ArrayLayout LayoutOf(UnpackedFile head)
    {
        NpyHeader header = HeaderOf(head, out int at);
        if (Foreign(header.Descr) is { } foreign) throw head.Bad(10, Refusal(header.Descr, foreign));
        if (header.FortranOrder)
        {
            throw head.Bad(10, "its array is in Fortran order, in which the numbers of a row are far apart, so its " +
                "rows cannot be streamed; save it again with numpy.save('data.npy', numpy.ascontiguousarray(array)).");
        }

        (ElementKind kind, int size, bool swapped) = KindOf(header.Descr)!.Value;
        return new ArrayLayout(kind, size, swapped, header.Extents, at);
    }

    /// <summary>
    /// What an array contains if its elements are not plain numbers, by the beginning of its file; null for plain
    /// numbers.
    /// </summary>
    /// <param name="head">The first <see cref="LongestHead"/> bytes of the file, or the whole file if it is
    /// shorter.</param>
    /// <exception cref="InvalidDataFileException">The header is damaged.</exception>
    internal static string? Foreign(UnpackedFile head) =>
        !IsNpy(head.Content) ? "no array" : Foreign(HeaderOf(head, out _).Descr);

    /// <summary>The largest number of bytes before the numbers.</summary>
    internal const int LongestHead = MaxHeader + 12;

    private static NpyHeader HeaderOf(UnpackedFile file, out int data)
    {
        ReadOnlySpan<byte> content = file.Content;
        if (!IsNpy(content)) throw file.Bad(0, "a .npy file begins with \\x93NUMPY; this file has another format.");
        if (content.Length < 12) throw file.Bad(content.Length, "its header is cut short; fetch or copy it again.");
        int major = content[6];
        if (major is < 1 or > 3)
        {
            throw file.Bad(6, $"it is .npy version {major}.{content[7]}, and versions 1 to 3 are supported; save it " +
                "again with numpy.save.");
        }

        int start = major == 1 ? 10 : 12;
        long length = major == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(content[8..])
            : BinaryPrimitives.ReadUInt32LittleEndian(content[8..]);
        if (length > MaxHeader)
            throw file.Bad(8, $"its header has {length} bytes, and the limit is {MaxHeader}; the file is damaged.");
        if (start + length > content.Length)
            throw file.Bad(content.Length, "its header is cut short; fetch or copy it again.");
        data = start + (int)length;
        return NpyHeader.Parse(file, start, (int)length);
    }

    private static NumericArray Widened(UnpackedFile file, int at, Shape shape, byte[] halves)
    {
        if (shape.Size > Array.MaxLength / 4) throw file.Bad(at, "it has more numbers than an array can; split it.");
        byte[] content = new byte[checked(4 * shape.Size)];
        Widen(halves, content);
        return new NumericArray(ElementKind.Float32, shape, content);
    }

    /// <summary>Converts 16-bit floats to the bytes of 32-bit floats of the same values.</summary>
    internal static void Widen(ReadOnlySpan<byte> halves, Span<byte> destination)
    {
        for (int i = 0; 2 * i < halves.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(
                destination[(4 * i)..], (float)BinaryPrimitives.ReadHalfLittleEndian(halves[(2 * i)..]));
        }
    }

    /// <summary>What the elements of a type are if they are not plain numbers; null for plain numbers.</summary>
    private static string? Foreign(string descr)
    {
        if (KindOf(descr) is not null) return null;
        if (descr.Contains('O')) return "Python objects (a pickle)";
        return descr.TrimStart('<', '>', '|', '=') switch
        {
            ['U' or 'S' or 'a', ..] => "text",
            ['c', ..] => "complex numbers",
            ['M' or 'm', ..] => "dates",
            ['V' or '[', ..] => "a structured array",
            _ => $"elements of type '{(descr.Length > 20 ? descr[..20] : descr)}'",
        };
    }

    private static string Refusal(string descr, string foreign) => foreign switch
    {
        "Python objects (a pickle)" => $"it contains {foreign}, which are never read; save it as plain numbers.",
        "a structured array" => "it contains a structured array; save each field as a separate array.",
        "text" => "it contains text, which is not supported; convert it to numbers, as numpy.unique(..., " +
            "return_inverse=True) does.",
        "complex numbers" => "it contains complex numbers, which are not supported; save the real and the " +
            "imaginary part as separate arrays.",
        _ => $"its element type '{(descr.Length > 20 ? descr[..20] : descr)}' is not supported; convert it with " +
            ".astype('float32') or to another plain type.",
    };

    /// <summary>
    /// The element kind of a type, the number of bytes of an element in the file, and whether the bytes are in
    /// big-endian order.
    /// </summary>
    private static (ElementKind Kind, int Size, bool Swapped)? KindOf(string descr)
    {
        if (descr.Length != 3) return null;
        ElementKind? kind = descr[1..] switch
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
            "f2" or "f4" => ElementKind.Float32,
            "f8" => ElementKind.Float64,
            _ => null,
        };
        if (kind is not { } known) return null;
        int size = descr[2] - '0';
        // NumPy writes < or >, and | if the order does not matter. = is the order of the machine that wrote the file,
        // which is taken as little-endian.
        return descr[0] is '<' or '>' or '=' || (size == 1 && descr[0] == '|') ? (known, size, descr[0] == '>') : null;
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
