using Reparam.Data;

namespace Reparam.Formats;

/// <summary>
/// Decodes JPEG (ISO/IEC 10918-1): baseline and progressive with 8 bits; grey, YCbCr, RGB, CMYK and YCCK. The
/// orientation of EXIF is applied. All arithmetic is on integers, so the same file gives the same samples on every
/// machine. Colour profiles are ignored.
/// </summary>
public sealed class JpegDecoder : PictureDecoder
{
    private const int BlockSide = 8;
    private const int MostScans = 200; // programs write about 10

    private JpegDecoder()
    {
    }

    /// <summary>The decoder.</summary>
    public static JpegDecoder Instance { get; } = new();

    /// <inheritdoc/>
    public override string Format => "JPEG";

    /// <inheritdoc/>
    public override bool Recognises(ReadOnlySpan<byte> content) => content is [0xFF, 0xD8, 0xFF, ..];

    /// <inheritdoc/>
    public override (int Width, int Height) Measure(string path, ReadOnlyMemory<byte> content)
    {
        var header = JpegHeader.Read(path, content.Span);
        return header.IsTurned ? (header.Height, header.Width) : (header.Width, header.Height);
    }

    /// <inheritdoc/>
    public override Picture Decode(
        string path, ReadOnlyMemory<byte> content, long maxSamples = DefaultMaxSamples)
    {
        var header = JpegHeader.Read(path, content.Span);
        RequireSize(path, header.SizeOffset, header.Width, header.Height, header.Components, maxSamples);
        // Each block of 8 x 8 has a code of at least one bit. A larger picture is not in the file.
        long blocks = (long)Blocks(header.Width) * Blocks(header.Height);
        if (blocks > 8L * content.Length)
        {
            throw new InvalidDataFileException(path, header.SizeOffset, $"its header declares {header.Width} x " +
                $"{header.Height} pixels, too many for {content.Length} bytes; the file is cut short or damaged, so " +
                "fetch or copy it again.");
        }

        // A scan of a few bytes makes the decoder visit all blocks again. Coded pixels contain no marker.
        int scans = content.Span.Count((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        if (scans > MostScans)
        {
            throw new InvalidDataFileException(path, header.SizeOffset, $"it has {scans} scans, and at most " +
                $"{MostScans} are decoded; save the picture again with another program.");
        }

        JpegSamples samples = new(header);
        Fill(path, content, header, samples);
        byte[] colours = samples.ToColours();
        byte[] shown = ExifOrientation.Apply(
            colours, header.Width, header.Height, header.Channels, header.Orientation);
        return header.IsTurned ? new Picture(header.Height, header.Width, header.Channels, shown)
            : new Picture(header.Width, header.Height, header.Channels, shown);
    }

    private static int Blocks(int extent) => (extent + BlockSide - 1) / BlockSide;

    private static void Fill(string path, ReadOnlyMemory<byte> content, JpegHeader header, JpegSamples samples)
    {
        var decoder = new JpegLibrary.JpegDecoder();
        try
        {
            decoder.SetInput(content);
            decoder.Identify();
            if ((decoder.Width, decoder.Height, decoder.NumberOfComponents)
                != (header.Width, header.Height, header.Components))
                throw new InvalidDataException("its size is declared twice");
            decoder.SetOutputWriter(samples);
            decoder.Decode();
        }
#pragma warning disable CA1031 // The package throws exceptions of many types on damaged files.
        catch (Exception failure) when (failure is not OutOfMemoryException)
#pragma warning restore CA1031
        {
            string detail = failure is InvalidDataException ? $" ({failure.Message.TrimEnd('.')})" : "";
            throw new InvalidDataFileException(path, header.SizeOffset, "its pixels cannot be decoded" +
                $"{detail}; the file is cut short or damaged, so fetch or copy it again.", failure);
        }
    }
}
