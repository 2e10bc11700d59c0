using System.Buffers.Binary;
using System.IO.Compression;
using Reparam.Serialization;

namespace Reparam.Data;

/// <summary>
/// Decodes PNG (ISO/IEC 15948): all colour types, 1 to 16 bits, transparency, all filters, interlacing. The checksum of
/// each chunk is verified. Samples of 16 bits are rounded to 8. All arithmetic is on integers, so the same file gives
/// the same samples on every machine. Gamma and colour profiles are ignored.
/// </summary>
public sealed class PngDecoder : PictureDecoder
{
    internal const int Frame = 12; // length, type and CRC-32 of a chunk, 4 bytes each
    private const int FirstChunk = 8; // after the signature
    private const int MostColours = 256;

    private PngDecoder()
    {
    }

    /// <summary>The decoder.</summary>
    public static PngDecoder Instance { get; } = new();

    /// <inheritdoc/>
    public override string Format => "PNG";

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <inheritdoc/>
    public override bool Recognises(ReadOnlySpan<byte> content) => content.StartsWith(Signature);

    /// <inheritdoc/>
    public override (int Width, int Height) Measure(string path, ReadOnlyMemory<byte> content)
    {
        PngHeader header = ReadHeader(path, content.Span, out _);
        return (header.Width, header.Height);
    }

    /// <inheritdoc/>
    public override Picture Decode(
        string path, ReadOnlyMemory<byte> content, long maxSamples = DefaultMaxSamples)
    {
        ReadOnlySpan<byte> bytes = content.Span;
        PngHeader header = ReadHeader(path, bytes, out int at);
        RequireSize(path, FirstChunk + 8, header.Width, header.Height, header.Channels, maxSamples);
        ReadOnlySpan<byte> palette = [], transparency = [];
        List<ReadOnlyMemory<byte>> packed = [];
        int firstData = 0;
        bool dataEnded = false;
        while (true)
        {
            ReadOnlySpan<byte> data = Chunk(path, bytes, at, out uint type);
            if (type == Type("IEND"u8)) break;
            if (type == Type("IDAT"u8))
            {
                if (dataEnded) throw Bad(path, at, "its pixels (IDAT chunks) are interrupted by another chunk");
                if (packed.Count == 0) firstData = at;
                packed.Add(content.Slice(at + 8, data.Length));
            }
            else
            {
                dataEnded = packed.Count > 0;
                if (type == Type("PLTE"u8) && !dataEnded)
                {
                    if (data.Length % 3 != 0 || data.Length is 0 or > 3 * MostColours || !palette.IsEmpty)
                        throw Bad(path, at, $"its palette (PLTE chunk of {data.Length} bytes) is not valid");
                    palette = data;
                }
                else if (type == Type("tRNS"u8) && !dataEnded && header.Colour is 0 or 2 or 3)
                {
                    int most = header.Colour switch { 0 => 2, 2 => 6, _ => palette.Length / 3 };
                    if (data.IsEmpty || data.Length > most || (header.Colour != 3 && data.Length < most))
                        throw Bad(path, at, $"its transparency (tRNS chunk of {data.Length} bytes) is not valid");
                    transparency = data;
                }
                else if (IsCritical(type) && type != Type("PLTE"u8))
                {
                    throw Bad(path, at, "it has a chunk that is unknown and needed to decode it");
                }
            }

            at += Frame + data.Length;
        }

        if (packed.Count == 0) throw Bad(path, at, "it has no pixels (no IDAT chunk)");
        if (header.Colour == 3 && palette.IsEmpty) throw Bad(path, firstData, "it has no palette (no PLTE chunk)");
        int channels = header.Channels + (transparency.IsEmpty ? 0 : 1);
        RequireSize(path, FirstChunk + 8, header.Width, header.Height, channels, maxSamples);
        using Stream chunks = new PngDataStream(packed);
        using ZLibStream unpacked = new(chunks, CompressionMode.Decompress);
        byte[] rows = Inflation.ReadExactly(unpacked, header.UnpackedBytes, path, firstData);
        byte[] samples = new PngPixels(path, firstData, header, palette.ToArray(), transparency.ToArray()).Read(rows);
        return new Picture(header.Width, header.Height, channels, samples);
    }

    internal static PngHeader ReadHeader(string path, ReadOnlySpan<byte> bytes, out int next)
    {
        if (!bytes.StartsWith(Signature)) throw Bad(path, 0, "it does not begin like a PNG file");
        ReadOnlySpan<byte> data = Chunk(path, bytes, FirstChunk, out uint type);
        if (type != Type("IHDR"u8) || data.Length != PngHeader.Length)
            throw Bad(path, FirstChunk, "its first chunk is not a header (IHDR of 13 bytes)");
        next = FirstChunk + Frame + PngHeader.Length;
        return PngHeader.Read(path, data, FirstChunk + 8);
    }

    /// <summary>The data of the chunk at an offset. Its checksum is verified.</summary>
    internal static ReadOnlySpan<byte> Chunk(string path, ReadOnlySpan<byte> bytes, int at, out uint type)
    {
        int left = bytes.Length - at;
        if (left < Frame) throw Bad(path, bytes.Length, "it ends before its last chunk (IEND)");
        uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
        if (length > left - Frame)
            throw Bad(path, at, $"a chunk declares {length} bytes, and only {left - Frame} are left");
        type = BinaryPrimitives.ReadUInt32BigEndian(bytes[(at + 4)..]);
        uint crc = BinaryPrimitives.ReadUInt32BigEndian(bytes[(at + 8 + (int)length)..]);
        return Crc32.Of(bytes.Slice(at + 4, 4 + (int)length)) == crc
            ? bytes.Slice(at + 8, (int)length)
            : throw Bad(path, at, "the checksum of a chunk does not match its content");
    }

    internal static uint Type(ReadOnlySpan<byte> name) => BinaryPrimitives.ReadUInt32BigEndian(name);

    /// <summary>Whether a chunk is needed to decode the picture: the first letter of its type is upper case.</summary>
    private static bool IsCritical(uint type) => (type & 0x2000_0000) == 0;

    internal static InvalidDataFileException Bad(string path, int offset, string problem) =>
        new(path, offset, $"{problem}; the file is cut short or damaged, so fetch or copy it again.");
}
