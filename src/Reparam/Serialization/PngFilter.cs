namespace Reparam.Serialization;

/// <summary>
/// The row filters of PNG. Each row uses the filter with the smallest sum of absolute residuals, where a residual is
/// read as a signed byte. The PNG specification recommends this heuristic (section 12.7).
/// </summary>
internal static class PngFilter
{
    private const int Filters = 5;

    internal static void Write(Stream stream, ReadOnlySpan<byte> samples, int stride, int channels)
    {
        byte[] above = new byte[stride], best = new byte[stride + 1], candidate = new byte[stride + 1];
        for (int at = 0; at < samples.Length; at += stride)
        {
            ReadOnlySpan<byte> row = samples.Slice(at, stride);
            long least = long.MaxValue;
            for (int filter = 0; filter < Filters; filter++)
            {
                long cost = Apply(filter, row, above, channels, candidate);
                if (cost >= least) continue;
                least = cost;
                (best, candidate) = (candidate, best);
            }

            stream.Write(best);
            row.CopyTo(above);
        }
    }

    /// <summary>Undoes the filter of a row in place. False if there is no such filter.</summary>
    /// <param name="filter">The number of the filter.</param>
    /// <param name="row">The residuals; afterwards the samples.</param>
    /// <param name="above">The samples of the row above; zeros for the first row.</param>
    /// <param name="step">The bytes of a pixel, at least 1.</param>
    internal static bool Undo(int filter, Span<byte> row, ReadOnlySpan<byte> above, int step)
    {
        switch (filter)
        {
            case 0:
                return true;
            case 1:
                for (int i = step; i < row.Length; i++) row[i] += row[i - step];
                return true;
            case 2:
                for (int i = 0; i < row.Length; i++) row[i] += above[i];
                return true;
            case 3:
                for (int i = 0; i < row.Length; i++)
                    row[i] += (byte)(((i >= step ? row[i - step] : 0) + above[i]) / 2);
                return true;
            case 4:
                for (int i = 0; i < row.Length; i++)
                {
                    row[i] += (byte)(i >= step ? Paeth(row[i - step], above[i], above[i - step])
                        : Paeth(0, above[i], 0));
                }

                return true;
            default:
                return false;
        }
    }

    private static long Apply(
        int filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int channels, Span<byte> result)
    {
        result[0] = (byte)filter;
        long cost = 0;
        for (int i = 0; i < row.Length; i++)
        {
            int left = i >= channels ? row[i - channels] : 0, up = above[i], corner = i >= channels
                ? above[i - channels] : 0;
            int predicted = filter switch
            {
                0 => 0,
                1 => left,
                2 => up,
                3 => (left + up) / 2,
                _ => Paeth(left, up, corner),
            };
            byte residual = (byte)(row[i] - predicted);
            result[i + 1] = residual;
            cost += Math.Abs((int)(sbyte)residual);
        }

        return cost;
    }

    /// <summary>The neighbour nearest to left + up − corner. In a tie left is preferred, then up.</summary>
    private static int Paeth(int left, int up, int corner)
    {
        int toLeft = Math.Abs(up - corner), toUp = Math.Abs(left - corner), toCorner = Math.Abs(left + up - 2 * corner);
        return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    }
}
