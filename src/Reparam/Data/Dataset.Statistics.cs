namespace Reparam.Data;

public sealed partial class Dataset
{
    /// <summary>The mean of each element over all data points, of the values that are given by
    /// <see cref="CopyValues(int, int, Span{float})"/>. Missing cells of a table are left out.</summary>
    public IReadOnlyList<double> Mean() => _mean.Value;

    private double[] FindMean()
    {
        double[] sums = new double[EventShape.Size];
        long[] counts = new long[sums.Length];
        ForEachRow(datum =>
        {
            for (int j = 0; j < sums.Length; j++)
            {
                if (float.IsNaN(datum[j])) continue;
                sums[j] += datum[j];
                counts[j]++;
            }
        });

        for (int j = 0; j < sums.Length; j++) sums[j] /= Math.Max(1, counts[j]);
        return sums;
    }

    /// <summary>
    /// The standard deviation (with 1/N) of each element over all data points. The values are those of
    /// <see cref="CopyValues(int, int, Span{float})"/>.
    /// </summary>
    public IReadOnlyList<double> StandardDeviation()
    {
        IReadOnlyList<double> mean = Mean();
        double[] squares = new double[mean.Count];
        long[] counts = new long[mean.Count];
        ForEachRow(datum =>
        {
            for (int j = 0; j < datum.Length; j++)
            {
                if (float.IsNaN(datum[j])) continue;
                squares[j] += (datum[j] - mean[j]) * (datum[j] - mean[j]);
                counts[j]++;
            }
        });

        for (int j = 0; j < squares.Length; j++) squares[j] = Math.Sqrt(squares[j] / Math.Max(1, counts[j]));
        return squares;
    }

    /// <summary>
    /// The smallest value, the largest value, and whether all values are whole numbers. The values are those of
    /// <see cref="CopyValues(int, int, Span{float})"/>.
    /// </summary>
    public (double Minimum, double Maximum, bool AreWhole) Range() => _range.Value;

    private (double, double, bool) FindRange()
    {
        (double low, double high, bool whole) = (double.PositiveInfinity, double.NegativeInfinity, true);
        ForEachRow(datum =>
        {
            foreach (float value in datum)
            {
                (low, high) = (Math.Min(low, value), Math.Max(high, value));
                whole &= value == MathF.Truncate(value);
            }
        });

        return (low, high, whole);
    }

    /// <summary>Reads consecutive data points that are not needed again soon, so they do not replace blocks in
    /// memory.</summary>
    private void ReadOnce(int start, Span<float> destination)
    {
        if (Stream is not { } rows) CopyValues(start, destination.Length / EventShape.Size, destination);
        else rows.ReadValues(start, destination);
    }

    /// <summary>Calls a method with the values of each data point, in order. Streamed data are read block by
    /// block.</summary>
    internal void ForEachRow(Action<ReadOnlySpan<float>> visit)
    {
        int size = EventShape.Size, rows = RowBlocks.Rows(size);
        float[] block = new float[Math.Min(rows, Count) * size];
        for (int start = 0; start < Count; start += rows)
        {
            int now = Math.Min(rows, Count - start);
            ReadOnce(start, block.AsSpan(0, now * size));
            for (int i = 0; i < now; i++) visit(block.AsSpan(i * size, size));
        }
    }
}
