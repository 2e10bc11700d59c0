using System.Buffers.Binary;
using Reparam.Serialization;

namespace Reparam.Data;

/// <summary>Turns the unpacked rows of a PNG file into 8-bit samples.</summary>
/// <param name="path">The path of the file, for messages.</param>
/// <param name="offset">The offset of the pixels in the file, for messages.</param>
/// <param name="header">The header.</param>
/// <param name="palette">The colours, 3 bytes each; empty if there are none.</param>
/// <param name="transparency">The content of the tRNS chunk; empty if there is none.</param>
internal sealed class PngPixels(string path, long offset, PngHeader header, byte[] palette, byte[] transparency)
{
    private readonly int _channels = header.Channels + (transparency.Length > 0 ? 1 : 0);

    /// <summary>The samples of the picture, height × width × channels.</summary>
    /// <param name="rows">The rows of all passes, each after the byte of its filter. The filters are undone in
    /// place.</param>
    /// <exception cref="InvalidDataFileException">A filter or an index into the palette does not exist.</exception>
    internal byte[] Read(byte[] rows)
    {
        byte[] samples = new byte[header.Width * header.Height * _channels];
        int at = 0, stride = 0;
        foreach (PngPass pass in header.Passes)
        {
            stride = (int)header.RowBytes(pass.Columns);
            Span<byte> above = new byte[stride];
            for (int r = 0; r < pass.Rows; r++)
            {
                Span<byte> row = rows.AsSpan(at + 1, stride);
                if (!PngFilter.Undo(rows[at], row, above, header.FilterStep))
                    throw Bad($"a row has the filter {rows[at]}, and there are only filters 0 to 4");
                int first = (pass.Y + r * pass.StepY) * header.Width + pass.X;
                if (header.Colour == 3) Colours(row, pass, samples, first);
                else Samples(row, pass, samples, first);
                above = row;
                at += 1 + stride;
            }
        }

        return samples;
    }

    /// <summary>Writes a row of indices as colours.</summary>
    private void Colours(ReadOnlySpan<byte> row, PngPass pass, byte[] samples, int first)
    {
        for (int x = 0; x < pass.Columns; x++)
        {
            int index = Stored(row, x), to = (first + x * pass.StepX) * _channels;
            if (3 * index >= palette.Length)
                throw Bad($"a pixel has the colour {index}, and the palette has {palette.Length / 3} colours");
            palette.AsSpan(3 * index, 3).CopyTo(samples.AsSpan(to));
            if (_channels == 4) samples[to + 3] = index < transparency.Length ? transparency[index] : (byte)255;
        }
    }

    /// <summary>Writes a row of samples. A pixel that equals the transparent colour gets alpha 0.</summary>
    private void Samples(ReadOnlySpan<byte> row, PngPass pass, byte[] samples, int first)
    {
        int stored = header.Stored;
        if (header.Depth == 8 && pass.StepX == 1 && stored == _channels)
        {
            row.CopyTo(samples.AsSpan(first * _channels));
            return;
        }

        int mask = (1 << header.Depth) - 1;
        for (int x = 0; x < pass.Columns; x++)
        {
            int to = (first + x * pass.StepX) * _channels;
            bool transparent = transparency.Length > 0;
            for (int c = 0; c < stored; c++)
            {
                int value = Stored(row, x * stored + c);
                samples[to + c] = header.Depth switch
                {
                    // The nearest of 256 levels: 65535 / 255 = 257.
                    16 => (byte)((value + 128) / 257),
                    8 => (byte)value,
                    _ => (byte)(value * (255 / mask)),
                };
                transparent = transparent
                    && value == (BinaryPrimitives.ReadUInt16BigEndian(transparency.AsSpan(2 * c)) & mask);
            }

            if (_channels > stored) samples[to + stored] = transparent ? (byte)0 : (byte)255;
        }
    }

    /// <summary>The sample or index at a position in a row, as it is stored.</summary>
    private int Stored(ReadOnlySpan<byte> row, int i) => header.Depth switch
    {
        16 => BinaryPrimitives.ReadUInt16BigEndian(row[(2 * i)..]),
        8 => row[i],
        var depth => (row[(int)((long)i * depth / 8)] >> (int)(8 - depth - (long)i * depth % 8)) & ((1 << depth) - 1),
    };

    private InvalidDataFileException Bad(string problem) =>
        new(path, offset, $"{problem}; the file is damaged, so fetch or copy it again.");
}
