using System.Buffers.Binary;

namespace Reparam.Formats;

/// <summary>The orientation tag of EXIF: how the stored rows are turned to be shown.</summary>
internal static class ExifOrientation
{
    private const int Tag = 0x0112, ShortType = 3, EntryBytes = 12;

    /// <summary>The orientation, 1 to 8, in the data of an APP1 segment; null if there is none or the segment is
    /// damaged, because other programs show such a picture as it is stored.</summary>
    internal static int? Of(ReadOnlySpan<byte> segment)
    {
        if (!segment.StartsWith("Exif\0\0"u8)) return null;
        ReadOnlySpan<byte> tiff = segment[6..];
        if (tiff.Length < 8) return null;
        bool little = tiff.StartsWith("II*\0"u8);
        if (!little && !tiff.StartsWith("MM\0*"u8)) return null;
        uint start = Word(tiff[4..], little);
        if (start > tiff.Length - 2) return null;
        int count = Half(tiff[(int)start..], little);
        for (int i = 0, at = (int)start + 2; i < count && at + EntryBytes <= tiff.Length; i++, at += EntryBytes)
        {
            ReadOnlySpan<byte> entry = tiff.Slice(at, EntryBytes);
            if (Half(entry, little) != Tag) continue;
            int value = Half(entry[8..], little);
            return Half(entry[2..], little) == ShortType && value is >= 1 and <= 8 ? value : null;
        }

        return null;
    }

    /// <summary>The picture as it is shown.</summary>
    /// <param name="samples">The stored samples, height × width × channels.</param>
    /// <param name="width">The stored width.</param>
    /// <param name="height">The stored height.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="orientation">1 to 8. The first stored row is shown at the top (1, 2), the bottom (3, 4), the left
    /// (5, 8) or the right (6, 7), and the first stored column at the left (1, 4), the right (2, 3), the top (5, 6) or
    /// the bottom (7, 8).</param>
    internal static byte[] Apply(byte[] samples, int width, int height, int channels, int orientation)
    {
        if (orientation == 1) return samples;
        byte[] turned = new byte[samples.Length];
        int shownWidth = orientation >= 5 ? height : width;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int right = width - 1 - x, bottom = height - 1 - y;
                (int toX, int toY) = orientation switch
                {
                    2 => (right, y),
                    3 => (right, bottom),
                    4 => (x, bottom),
                    5 => (y, x),
                    6 => (bottom, x),
                    7 => (bottom, right),
                    _ => (y, right),
                };
                samples.AsSpan((y * width + x) * channels, channels).CopyTo(
                    turned.AsSpan((toY * shownWidth + toX) * channels));
            }
        }

        return turned;
    }

    private static int Half(ReadOnlySpan<byte> at, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(at) : BinaryPrimitives.ReadUInt16BigEndian(at);

    private static uint Word(ReadOnlySpan<byte> at, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(at) : BinaryPrimitives.ReadUInt32BigEndian(at);
}
