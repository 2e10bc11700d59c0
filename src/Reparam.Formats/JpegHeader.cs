using System.Buffers.Binary;
using Reparam.Data;

namespace Reparam.Formats;

/// <summary>The parts of a JPEG file before its pixels that decide the size, the colours and the rotation.</summary>
/// <param name="Width">The number of pixels in a stored row.</param>
/// <param name="Height">The number of stored rows.</param>
/// <param name="Components">1 grey, 3 colour, 4 cyan, magenta, yellow, black.</param>
/// <param name="Orientation">The orientation of EXIF, 1 to 8.</param>
/// <param name="Adobe">The colour transform of the Adobe marker: 0 none, 1 YCbCr, 2 YCCK; null without the
/// marker.</param>
/// <param name="HasRgbNames">Whether the components are named R, G and B.</param>
/// <param name="SizeOffset">The offset of the size in the file.</param>
internal sealed record JpegHeader(
    int Width, int Height, int Components, int Orientation, int? Adobe, bool HasRgbNames, int SizeOffset)
{
    private const int FrameHeader = 6; // precision, height, width, number of components
    private const byte StartOfImage = 0xD8, EndOfImage = 0xD9, StartOfScan = 0xDA, App1 = 0xE1, App14 = 0xEE;

    /// <summary>Whether the picture is shown with rows and columns exchanged.</summary>
    internal bool IsTurned => Orientation >= 5;

    /// <summary>Whether the first three components are luminance and two colour differences.</summary>
    internal bool IsYcc => Components switch
    {
        3 => Adobe is { } transform ? transform != 0 : !HasRgbNames,
        4 => Adobe == 2,
        _ => false,
    };

    /// <summary>The number of channels of the decoded picture.</summary>
    internal int Channels => Components == 1 ? 1 : 3;

    /// <summary>Reads the segments up to the first scan.</summary>
    /// <exception cref="InvalidDataFileException">There is no frame, or its form is not supported.</exception>
    internal static JpegHeader Read(string path, ReadOnlySpan<byte> bytes)
    {
        int at = 2, orientation = 1;
        int? adobe = null;
        JpegHeader? frame = null;
        while (true)
        {
            while (at < bytes.Length && bytes[at] != 0xFF) at++; // other decoders skip such bytes too
            while (at < bytes.Length && bytes[at] == 0xFF) at++;
            if (at >= bytes.Length) throw Bad(path, bytes.Length, "it ends before its pixels");
            byte marker = bytes[at++];
            if (marker is 0 or 1 or (>= 0xD0 and <= StartOfImage)) continue; // without a length
            if (marker == EndOfImage) throw Bad(path, at - 2, "it has no pixels");
            if (at + 2 > bytes.Length) throw Bad(path, bytes.Length, "it ends before its pixels");
            int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
            if (length < 2 || at + length > bytes.Length)
                throw Bad(path, at, $"a segment declares {length} bytes, and {bytes.Length - at} are left");
            ReadOnlySpan<byte> data = bytes.Slice(at + 2, length - 2);
            if (marker == StartOfScan)
            {
                return frame is null ? throw Bad(path, at - 2, "its pixels come before its size")
                    : frame with { Orientation = orientation, Adobe = adobe };
            }

            if (marker == App1) orientation = ExifOrientation.Of(data) ?? orientation;
            else if (marker == App14 && data.StartsWith("Adobe"u8) && data.Length >= 12) adobe = data[11];
            else if (IsFrame(marker)) frame = Frame(path, at + 2, marker, data, frame);
            at += length;
        }
    }

    private static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    private static JpegHeader Frame(
        string path, int at, byte marker, ReadOnlySpan<byte> data, JpegHeader? earlier)
    {
        if (earlier is not null) throw Bad(path, at, "it has two frames");
        if (marker > 0xC2) throw Unsupported(path, at, marker >= 0xC9 ? "arithmetic coding" : "lossless coding");
        if (data.Length < FrameHeader) throw Bad(path, at, "its frame header is too short");
        int height = BinaryPrimitives.ReadUInt16BigEndian(data[1..]);
        int width = BinaryPrimitives.ReadUInt16BigEndian(data[3..]), components = data[5];
        if (data[0] != 8) throw Unsupported(path, at, $"samples of {data[0]} bits");
        if (components is not (1 or 3 or 4)) throw Unsupported(path, at, $"{components} components");
        if (width == 0 || height == 0) throw Bad(path, at, $"its header declares {width} x {height} pixels");
        if (data.Length < FrameHeader + 3 * components) throw Bad(path, at, "its frame header is too short");
        bool rgb = components == 3 && data[6] == 'R' && data[9] == 'G' && data[12] == 'B';
        return new JpegHeader(width, height, components, 1, null, rgb, at + 1);
    }

    private static InvalidDataFileException Bad(string path, int offset, string problem) =>
        new(path, offset, $"{problem}; the file is cut short or damaged, so fetch or copy it again.");

    private static InvalidDataFileException Unsupported(string path, int offset, string what) => new(path, offset,
        $"it is a JPEG picture with {what}, which is not decoded; convert it, for example with ImageMagick: " +
        $"magick '{Path.GetFileName(path)}' '{Path.ChangeExtension(Path.GetFileName(path), ".png")}'");
}
