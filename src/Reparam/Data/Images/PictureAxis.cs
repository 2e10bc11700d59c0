namespace Reparam.Data;

/// <summary>
/// The weights by which pixels along one axis are scaled, as whole numbers. For fewer pixels, a new pixel is the mean
/// over its area: old pixel i and new pixel j share max(0, min((i + 1)·n, (j + 1)·s) − max(i·n, j·s)) of s parts, for s
/// old and n new pixels. For more pixels, it is interpolated linearly between the centres of two old pixels.
/// </summary>
internal sealed class PictureAxis
{
    private readonly int[] _first;
    private readonly long[][] _weights;

    /// <summary>The weights of <paramref name="target"/> new pixels of <paramref name="source"/> old pixels.</summary>
    internal PictureAxis(int source, int target)
    {
        _first = new int[target];
        _weights = new long[target][];
        Total = target <= source ? source : 2L * target;
        for (int j = 0; j < target; j++)
        {
            if (target <= source) Average(j, source, target);
            else Interpolate(j, source, target);
        }
    }

    /// <summary>The sum of the weights of each new pixel.</summary>
    internal long Total { get; }

    /// <summary>The first old pixel of a new pixel.</summary>
    internal int First(int j) => _first[j];

    /// <summary>The weights of the old pixels of a new pixel.</summary>
    internal ReadOnlySpan<long> Weights(int j) => _weights[j];

    private void Average(int j, long source, long target)
    {
        long start = j * source, end = start + source;
        int first = (int)(start / target), last = (int)((end - 1) / target);
        long[] weights = new long[last - first + 1];
        for (int i = first; i <= last; i++)
            weights[i - first] = Math.Min((i + 1) * target, end) - Math.Max(i * target, start);
        (_first[j], _weights[j]) = (first, weights);
    }

    private void Interpolate(int j, long source, long target)
    {
        // The centre (j + 1/2)·s/n − 1/2 in parts of 2n, kept between the first and the last centre.
        long centre = Math.Clamp((2 * j + 1) * source - target, 0, 2 * target * (source - 1));
        long part = centre % (2 * target);
        _first[j] = (int)(centre / (2 * target));
        _weights[j] = part == 0 ? [2 * target] : [2 * target - part, part];
    }
}
