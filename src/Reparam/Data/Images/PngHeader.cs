using System.Buffers.Binary;

namespace Reparam.Data;

/// <summary>The header chunk (IHDR) of a PNG file.</summary>
/// <param name="Width">The number of pixels in a row.</param>
/// <param name="Height">The number of rows.</param>
/// <param name="Depth">The bits of a sample or of an index: 1, 2, 4, 8 or 16.</param>
/// <param name="Colour">The colour type: 0 grey, 2 true colour, 3 indices into a palette, 4 grey with alpha, 6 true
/// colour with alpha.</param>
/// <param name="IsInterlaced">Whether the rows are in the seven passes of Adam7.</param>
internal sealed record PngHeader(int Width, int Height, int Depth, int Colour, bool IsInterlaced)
{
    internal const int Length = 13;

    // Adam7: the first column, the first row, and the steps of each pass.
    private static readonly (int X, int Y, int StepX, int StepY)[] Adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    /// <summary>The samples of a pixel in the compressed data.</summary>
    internal int Stored => Colour switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    /// <summary>The channels of the decoded picture if the file has no tRNS chunk.</summary>
    internal int Channels => Colour == 3 ? 3 : Stored;

    /// <summary>The distance in bytes between a byte and its left neighbour for the filters.</summary>
    internal int FilterStep => Math.Max(1, Depth * Stored / 8);

    /// <summary>The passes that have pixels, in the order of the file.</summary>
    internal IEnumerable<PngPass> Passes
    {
        get
        {
            foreach ((int x, int y, int stepX, int stepY) in IsInterlaced ? Adam7 : [(0, 0, 1, 1)])
            {
                // Long, because the sum of an extent and a step may exceed 2^31.
                int columns = (int)(((long)Width - x + stepX - 1) / stepX);
                int rows = (int)(((long)Height - y + stepY - 1) / stepY);
                if (columns > 0 && rows > 0) yield return new PngPass(x, y, stepX, stepY, columns, rows);
            }
        }
    }

    /// <summary>The bytes of a row of pixels, without the byte of its filter.</summary>
    internal long RowBytes(int columns) => ((long)columns * Stored * Depth + 7) / 8;

    /// <summary>The number of bytes that the compressed data unpack to.</summary>
    internal long UnpackedBytes => Passes.Sum(pass => pass.Rows * (1 + RowBytes(pass.Columns)));

    /// <summary>Reads the 13 bytes of the chunk.</summary>
    /// <exception cref="InvalidDataFileException">A value is not one of the standard.</exception>
    internal static PngHeader Read(string path, ReadOnlySpan<byte> data, int offset)
    {
        uint width = BinaryPrimitives.ReadUInt32BigEndian(data), height = BinaryPrimitives.ReadUInt32BigEndian(
            data[4..]);
        if (width is 0 or > int.MaxValue || height is 0 or > int.MaxValue)
            throw Bad(0, $"its header declares {width} x {height} pixels");
        (int depth, int colour) = (data[8], data[9]);
        bool known = colour switch
        {
            0 => depth is 1 or 2 or 4 or 8 or 16,
            3 => depth is 1 or 2 or 4 or 8,
            2 or 4 or 6 => depth is 8 or 16,
            _ => false,
        };
        if (!known) throw Bad(8, $"its header declares colour type {colour} with {depth} bits, which do not exist");
        if (data[10] != 0) throw Bad(10, $"its header declares the unknown compression {data[10]}");
        if (data[11] != 0) throw Bad(11, $"its header declares the unknown filter method {data[11]}");
        return data[12] <= 1
            ? new PngHeader((int)width, (int)height, depth, colour, data[12] == 1)
            : throw Bad(12, $"its header declares the unknown interlace method {data[12]}");

        InvalidDataFileException Bad(int at, string problem) =>
            new(path, offset + at, $"{problem}; the file is damaged, so fetch or copy it again.");
    }
}
