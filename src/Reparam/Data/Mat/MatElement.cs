using System.Buffers.Binary;

namespace Reparam.Data;

/// <summary>A tagged element of a MATLAB v5 file: its type, the offset and length of its data, and the offset of the
/// next element.</summary>
internal readonly record struct MatElement(uint Type, int Data, int Length, int End)
{
    internal const uint Matrix = 14;
    internal const uint Compressed = 15;

    /// <summary>Reads the tag at an offset and checks that its data end before <paramref name="end"/>.</summary>
    /// <param name="file">The file, for messages.</param>
    /// <param name="content">The bytes that contain the element: the file or a decompressed variable.</param>
    /// <param name="at">The offset of the tag.</param>
    /// <param name="end">The offset of the end of the enclosing element.</param>
    /// <param name="padded">Whether data are padded to 8 bytes. The data of top-level arrays are padded already, and
    /// compressed data are not padded.</param>
    internal static MatElement At(UnpackedFile file, ReadOnlySpan<byte> content, int at, int end, bool padded)
    {
        if (end - at < 8) throw file.Bad(at, "the tag of an element is cut short; fetch or copy the file again.");
        uint first = BinaryPrimitives.ReadUInt32LittleEndian(content[at..]);
        if (first >> 16 != 0)
        {
            // The small form: length and type share the first word, and the second word is the data.
            uint small = first >> 16;
            if (small > 4)
                throw file.Bad(at, $"a small element declares {small} bytes, and 4 is the limit; the file is damaged.");
            return new MatElement(first & 0xFFFF, at + 4, (int)small, at + 8);
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(content[(at + 4)..]);
        if (length > (uint)(end - at - 8))
        {
            throw file.Bad(at + 4, $"an element declares {length} bytes and {end - at - 8} are left; the file is cut " +
                "short, so fetch or copy it again.");
        }

        long next = at + 8L + (padded ? (length + 7L) / 8 * 8 : length);
        return new MatElement(first, at + 8, (int)length, (int)Math.Min(next, end));
    }
}
