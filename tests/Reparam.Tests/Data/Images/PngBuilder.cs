using System.Buffers.Binary;

namespace Reparam.Tests.Data.Images;

/// <summary>Writes PNG files of every form, written from the standard and not from the library's writer.</summary>
internal sealed record PngBuilder(int Width, int Height, int Depth, int Colour)
{
    /// <summary>The filter of every row; -1 takes them in turn.</summary>
    public int Filter { get; init; } = -1;

    public bool Interlaced { get; init; }

    /// <summary>Colours, three bytes each.</summary>
    public byte[] Palette { get; init; } = [];

    public byte[] Transparency { get; init; } = [];

    /// <summary>The pixels are divided among so many IDAT chunks.</summary>
    public int Pieces { get; init; } = 1;

    /// <summary>The samples of a pixel in the file.</summary>
    public int Stored => Colour switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    private static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Samples that differ from pixel to pixel and cover the range.</summary>
    public int[] Pattern()
    {
        int levels = Colour == 3 ? Palette.Length / 3 : 1 << Depth;
        return [.. Enumerable.Range(0, Width * Height * Stored).Select(i => (int)((i * 2654435761L >> 7) % levels))];
    }

    /// <summary>The file of samples, height × width × <see cref="Stored"/>.</summary>
    public byte[] Encode(int[] samples)
    {
        using MemoryStream rows = new();
        (int, int, int, int)[] passes = Interlaced
            ? [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
            : [(0, 0, 1, 1)];
        foreach ((int x0, int y0, int dx, int dy) in passes)
        {
            byte[]? above = null;
            for (int y = y0, r = 0; y < Height && x0 < Width; y += dy, r++)
            {
                List<int> row = [];
                for (int x = x0; x < Width; x += dx)
                    row.AddRange(samples.AsSpan((y * Width + x) * Stored, Stored));
                byte[] packed = Pack(row);
                above ??= new byte[packed.Length];
                WriteRow(rows, packed, above, Filter < 0 ? r % 5 : Filter);
                above = packed;
            }
        }

        return File(rows.ToArray());
    }

    /// <summary>The file of rows that already have their filters.</summary>
    public byte[] File(byte[] rows)
    {
        using MemoryStream file = new();
        file.Write(Signature);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Height);
        (header[8], header[9], header[12]) = ((byte)Depth, (byte)Colour, (byte)(Interlaced ? 1 : 0));
        Chunk(file, "IHDR"u8, header);
        Chunk(file, "tEXt"u8, "Comment\0made by a test"u8);
        if (Palette.Length > 0) Chunk(file, "PLTE"u8, Palette);
        if (Transparency.Length > 0) Chunk(file, "tRNS"u8, Transparency);
        byte[] packed = Packing.Zlib(rows);
        int piece = (packed.Length + Pieces - 1) / Pieces;
        for (int at = 0; at < packed.Length; at += piece)
            Chunk(file, "IDAT"u8, packed.AsSpan(at, Math.Min(piece, packed.Length - at)));
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    /// <summary>The file with the right checksum of every chunk, as far as there are chunks.</summary>
    public static byte[] Mended(byte[] file)
    {
        byte[] mended = [.. file];
        for (int at = 8; at + 12 <= mended.Length;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(mended.AsSpan(at));
            if (length > mended.Length - at - 12) break;
            int end = at + 8 + (int)length;
            BinaryPrimitives.WriteUInt32BigEndian(mended.AsSpan(end), Crc(mended.AsSpan(at + 4, 4 + (int)length)));
            at = end + 4;
        }

        return mended;
    }

    public static void Chunk(Stream stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        byte[] chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        type.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc(chunk.AsSpan(4, 4 + data.Length)));
        stream.Write(chunk);
    }

    private byte[] Pack(List<int> samples)
    {
        byte[] packed = new byte[(samples.Count * Depth + 7) / 8];
        for (int i = 0; i < samples.Count; i++)
        {
            for (int bit = 0; bit < Depth; bit++)
            {
                int at = i * Depth + bit;
                packed[at / 8] |= (byte)(((samples[i] >> (Depth - 1 - bit)) & 1) << (7 - at % 8));
            }
        }

        return packed;
    }

    private void WriteRow(MemoryStream rows, byte[] row, byte[] above, int filter)
    {
        int step = Math.Max(1, Stored * Depth / 8);
        rows.WriteByte((byte)filter);
        for (int i = 0; i < row.Length; i++)
        {
            int a = i >= step ? row[i - step] : 0, b = above[i], c = i >= step ? above[i - step] : 0, p = a + b - c;
            (int pa, int pb, int pc) = (Math.Abs(p - a), Math.Abs(p - b), Math.Abs(p - c));
            int guess = filter switch
            {
                0 => 0,
                1 => a,
                2 => b,
                3 => (a + b) / 2,
                _ => pa <= pb && pa <= pc ? a : pb <= pc ? b : c,
            };
            rows.WriteByte((byte)(row[i] - guess));
        }
    }

    private static uint Crc(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in data)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        }

        return ~crc;
    }
}
