namespace Reparam.Data;

/// <summary>
/// Decodes the pictures of one file format. The library decodes PNG; a program can give decoders of other formats in
/// <see cref="DataFormats"/>. A decoder is used by several threads at a time.
/// </summary>
public abstract class PictureDecoder
{
    /// <summary>The largest width × height × channels that is decoded if no other limit is given.</summary>
    public const long DefaultMaxSamples = 64L << 20;

    /// <summary>The name of the format, such as <c>PNG</c>.</summary>
    public abstract string Format { get; }

    /// <summary>Whether a file begins like a file of the format.</summary>
    /// <param name="content">The content of the file, or its first bytes (at least 16, if the file has them).</param>
    public abstract bool Recognises(ReadOnlySpan<byte> content);

    /// <summary>Reads the size of the picture from the header, as it is shown (after a rotation that the file asks
    /// for).</summary>
    /// <param name="path">The path of the file, for messages.</param>
    /// <param name="content">The content of the file.</param>
    /// <exception cref="InvalidDataFileException">The header is damaged.</exception>
    public abstract (int Width, int Height) Measure(string path, ReadOnlyMemory<byte> content);

    /// <summary>Decodes the picture. The same bytes give the same samples on every machine.</summary>
    /// <param name="path">The path of the file, for messages.</param>
    /// <param name="content">The content of the file.</param>
    /// <param name="maxSamples">The largest width × height × channels. The header is compared with it before anything
    /// is decompressed.</param>
    /// <exception cref="InvalidDataFileException">The content is damaged or cut short, the picture is larger than the
    /// limit, or it has a form of the format that is not supported. No content gives another exception.</exception>
    public abstract Picture Decode(
        string path, ReadOnlyMemory<byte> content, long maxSamples = DefaultMaxSamples);

    /// <summary>Throws if a header declares a picture larger than a limit.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="offset">The offset of the size in the file.</param>
    /// <param name="width">The declared width.</param>
    /// <param name="height">The declared height.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="maxSamples">The limit of width × height × channels.</param>
    /// <exception cref="InvalidDataFileException">The picture is larger.</exception>
    protected static void RequireSize(
        string path, long offset, long width, long height, int channels, long maxSamples)
    {
        // Both extents are below 2^31, so the product fits.
        if (width * height <= Math.Min(maxSamples, Array.MaxLength) / channels) return;
        throw new InvalidDataFileException(path, offset, $"its header declares {width} x {height} pixels with " +
            $"{channels} channel(s), and at most {maxSamples} samples are decoded; if the picture is that large, " +
            "scale it down (for example with ImageMagick: magick IN -resize 2048x2048 OUT.png), otherwise the file " +
            "is damaged.");
    }
}
