using System.Buffers.Binary;
using Reparam.Tensors;

namespace Reparam.Data;

/// <summary>
/// Reads IDX files, the format of MNIST (LeCun, Cortes and Burges): two zero bytes, a type byte, the number of axes,
/// big-endian extents, then row-major big-endian elements. Plain or gzip-compressed.
/// </summary>
public static class IdxFile
{
    /// <summary>Reads an IDX file.</summary>
    /// <exception cref="InvalidDataFileException">The content is not a complete IDX file.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static NumericArray Read(string path) => Read(UnpackedFile.Read(path));

    /// <summary>The length of the whole file according to its header; null if the bytes are not the beginning of an IDX
    /// file.</summary>
    internal static long? DeclaredLength(ReadOnlySpan<byte> head)
    {
        if (head.Length < 4 || head[0] != 0 || head[1] != 0 || KindOf(head[2]) is not { } kind) return null;
        int rank = head[3];
        if (rank is 0 or > Shape.MaxRank || head.Length < 4 + 4 * rank) return null;
        long elements = 1;
        for (int axis = 0; axis < rank; axis++)
        {
            uint extent = BinaryPrimitives.ReadUInt32BigEndian(head[(4 + 4 * axis)..]);
            // Stops before the product can overflow. The reader refuses such a shape with a separate message.
            if (extent != 0 && elements > UnpackedFile.MaxBytes / extent) return null;
            elements *= extent;
        }

        return 4 + 4 * rank + elements * kind.Size();
    }

    internal static NumericArray Read(UnpackedFile file)
    {
        ReadOnlySpan<byte> content = file.Content;
        ArrayLayout layout = LayoutOf(file);
        if (DeclaredLength(content) is not { } declared)
        {
            throw file.Bad(4, "the extents in its IDX header multiply to more than can be read; the file is damaged, " +
                "must be split, or is read in parts (data.stream).");
        }

        if (declared != content.Length)
        {
            throw file.Bad(Math.Min(declared, content.Length),
                $"its IDX header declares {declared} bytes and the file has {content.Length}; fetch or copy it again.");
        }

        int header = (int)layout.Offset;
        Shape shape = Shape.Create(layout.Extents);
        if (layout.Stored == 1) return new NumericArray(layout.Kind, shape, file.Content.AsMemory(header));
        byte[] elements = content[header..].ToArray();
        ElementKinds.SwapBytes(elements, layout.Stored);
        return new NumericArray(layout.Kind, shape, elements);
    }

    /// <summary>Where the elements of an array are in its file, by the first <see cref="LongestHead"/> bytes.</summary>
    /// <exception cref="InvalidDataFileException">The header is damaged.</exception>
    internal static ArrayLayout LayoutOf(UnpackedFile head)
    {
        ReadOnlySpan<byte> content = head.Content;
        if (content.Length < 4)
        {
            throw head.Bad(
                content.Length, "an IDX file has at least 4 bytes; the file is cut short, so fetch or copy it again.");
        }

        if (content[0] != 0 || content[1] != 0)
            throw head.Bad(0, "an IDX file begins with two zero bytes; this file has another format.");
        if (KindOf(content[2]) is not { } kind)
        {
            throw head.Bad(2, $"the IDX element type 0x{content[2]:X2} is unknown (known: 08, 09, 0B, 0C, 0D, 0E); " +
                "the file is damaged or not IDX.");
        }

        int rank = content[3];
        if (rank is 0 or > Shape.MaxRank)
        {
            throw head.Bad(
                3, $"it has {rank} axes, and 1 to {Shape.MaxRank} are supported; the file is damaged or not IDX.");
        }

        int header = 4 + 4 * rank;
        if (content.Length < header)
            throw head.Bad(content.Length, $"its header of {header} bytes is cut short; fetch or copy it again.");
        int[] extents = new int[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            uint extent = BinaryPrimitives.ReadUInt32BigEndian(content[(4 + 4 * axis)..]);
            if (extent > int.MaxValue)
            {
                throw head.Bad(
                    4 + 4 * axis, $"axis {axis} has extent {extent}, more than can be read; the file is damaged.");
            }

            extents[axis] = (int)extent;
        }

        return new ArrayLayout(kind, kind.Size(), kind.Size() > 1, extents, header);
    }

    /// <summary>The largest number of bytes before the numbers.</summary>
    internal const int LongestHead = 4 + 4 * Shape.MaxRank;

    private static ElementKind? KindOf(byte code) => code switch
    {
        0x08 => ElementKind.UInt8,
        0x09 => ElementKind.Int8,
        0x0B => ElementKind.Int16,
        0x0C => ElementKind.Int32,
        0x0D => ElementKind.Float32,
        0x0E => ElementKind.Float64,
        _ => null,
    };
}
