using System.Buffers.Binary;

namespace Reparam.Data;

/// <summary>A tagged element of a MATLAB v5 file: its type, where its data lies, and where the next element
/// begins.</summary>
internal readonly record struct MatElement(uint Type, int Data, int Length, int End)
{
    internal const uint Matrix = 14;
    internal const uint Compressed = 15;

    /// <summary>Reads the tag at an offset and proves that its data lies below <paramref name="end"/>.</summary>
    /// <param name="file">The file, for messages.</param>
    /// <param name="content">Where the element stands: the file or an inflated variable.</param>
    /// <param name="at">Offset of the tag.</param>
    /// <param name="end">Where the enclosing element ends.</param>
    /// <param name="padded">Whether data is padded to 8 bytes; top-level arrays are by nature, compressed ones are
    /// not.</param>
    internal static MatElement At(UnpackedFile file, ReadOnlySpan<byte> content, int at, int end, bool padded)
    {
        if (end - at < 8) throw file.Bad(at, "an element's tag is cut short; fetch or copy the file again.");
        uint first = BinaryPrimitives.ReadUInt32LittleEndian(content[at..]);
        if (first >> 16 != 0)
        {
            // The small form: length and type share the first word, the data is the second.
            uint small = first >> 16;
            if (small > 4)
                throw file.Bad(at, $"a small element claims {small} bytes, and 4 is the most; the file is damaged.");
            return new MatElement(first & 0xFFFF, at + 4, (int)small, at + 8);
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(content[(at + 4)..]);
        if (length > (uint)(end - at - 8))
        {
            throw file.Bad(at + 4, $"an element claims {length} bytes and {end - at - 8} are left; the file is cut " +
                "short, so fetch or copy it again.");
        }

        long next = at + 8L + (padded ? (length + 7L) / 8 * 8 : length);
        return new MatElement(first, at + 8, (int)length, (int)Math.Min(next, end));
    }
}
