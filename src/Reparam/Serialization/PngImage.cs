using System.Buffers.Binary;
using System.IO.Compression;

namespace Reparam.Serialization;

/// <summary>
/// An image of 8-bit samples that can be written as PNG (ISO/IEC 15948). Samples are row-major, with the channels of a
/// pixel together. The same image gives the same bytes: no time stamp is written.
/// </summary>
public sealed class PngImage
{
    private const long MaxBytes = 1L << 30;
    private readonly byte[] _samples;

    /// <summary>Creates an image from samples, which are copied.</summary>
    /// <param name="width">The number of pixels in a row.</param>
    /// <param name="height">The number of rows.</param>
    /// <param name="channels">1 for grey, 3 for red, green, blue.</param>
    /// <param name="samples">height × width × channels bytes.</param>
    /// <exception cref="ArgumentException">The number of samples does not fit the image, the image is empty or too
    /// large, or the number of channels is not 1 or 3.</exception>
    public PngImage(int width, int height, int channels, ReadOnlySpan<byte> samples)
    {
        if (width < 1 || height < 1)
            throw new ArgumentException($"An image needs at least one pixel, not {width} x {height}.");
        if (channels is not (1 or 3))
        {
            throw new ArgumentException(
                $"An image has 1 channel (grey) or 3 (red, green, blue), not {channels}.", nameof(channels));
        }

        long size = (long)width * height;
        if (size > MaxBytes / channels)
        {
            throw new ArgumentException(
                $"An image of {width} x {height} with {channels} channel(s) has {size * channels} samples; at most " +
                $"{MaxBytes} are supported. Make a smaller image.");
        }

        if (samples.Length != size * channels)
        {
            throw new ArgumentException($"An image of {width} x {height} with {channels} channel(s) needs " +
                $"{size * channels} bytes, not {samples.Length}.", nameof(samples));
        }

        Width = width;
        Height = height;
        Channels = channels;
        _samples = samples.ToArray();
    }

    /// <summary>The number of pixels in a row.</summary>
    public int Width { get; }

    /// <summary>The number of rows.</summary>
    public int Height { get; }

    /// <summary>1 for grey, 3 for red, green, blue.</summary>
    public int Channels { get; }

    /// <summary>The samples: row-major, with the channels of a pixel together.</summary>
    public ReadOnlyMemory<byte> Samples => _samples;

    /// <summary>The keyword of the iTXt chunk that holds an XMP packet.</summary>
    internal static ReadOnlySpan<byte> XmpKeyword => "XML:com.adobe.xmp"u8;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Writes the image to a file. The file is written completely or not at all.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="provenance">The mark of generated media; null for an image that no model made.</param>
    /// <exception cref="IOException">The file cannot be written. An older file of that name is unchanged.</exception>
    public void Save(string path, Provenance? provenance = null) =>
        AtomicFile.Write(path, stream => Write(stream, provenance));

    /// <summary>The image as the bytes of a PNG file.</summary>
    /// <param name="provenance">The mark of generated media; null for an image that no model made.</param>
    public byte[] Encode(Provenance? provenance = null)
    {
        using MemoryStream stream = new();
        Write(stream, provenance);
        return stream.ToArray();
    }

    /// <summary>Writes the image as PNG to a stream.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="provenance">The mark of generated media; null for an image that no model made. It is an XMP packet
    /// in an iTXt chunk.</param>
    public void Write(Stream stream, Provenance? provenance = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], Height);
        header[8] = 8; // bits per sample
        header[9] = (byte)(Channels == 1 ? 0 : 2); // grey or true colour
        header[10..].Clear(); // deflate, the five standard filters, not interlaced
        Chunk(stream, "IHDR"u8, header);
        // Not compressed, without a language and a translated keyword (XMP specification, part 3, PNG). Some readers
        // ignore text after the pixels.
        if (provenance is not null)
            Chunk(stream, "iTXt"u8, [.. XmpKeyword, 0, 0, 0, 0, 0, .. XmpPacket.Write(provenance)]);
        using MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.Optimal, leaveOpen: true))
            PngFilter.Write(zlib, _samples, Width * Channels, Channels);
        Chunk(stream, "IDAT"u8, packed.GetBuffer().AsSpan(0, (int)packed.Length));
        Chunk(stream, "IEND"u8, []);
    }

    private static void Chunk(Stream stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(word, data.Length);
        stream.Write(word);
        stream.Write(type);
        stream.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(word, ~Crc32.Update(Crc32.Update(uint.MaxValue, type), data));
        stream.Write(word);
    }
}
