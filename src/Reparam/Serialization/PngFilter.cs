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
