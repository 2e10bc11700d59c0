namespace Reparam.Data;

/// <summary>Makes a data point of consecutive rows, for tables whose rows are in the order of time.</summary>
/// <param name="Size">n, the number of rows of a data point.</param>
/// <param name="Stride">The number of rows from the first row of a data point to that of the next.</param>
/// <param name="Time">The column with the time of each row, which is not modelled; null if there is none.</param>
/// <param name="Usual">The label of ordinary rows. A window has it only if all its rows have it, and else the first
/// other label. Null gives a window the label of its rows that is rarest in the table.</param>
public sealed record TableWindow(int Size, int Stride, string? Time = null, string? Usual = null)
{
    // A step of time that is longer than this many median steps is a gap.
    private const double LongestStep = 1.5;

    /// <summary>
    /// The first rows of the windows. A window has no gap of time: no row without a time, no step back, and no step of
    /// more than 1.5 median steps.
    /// </summary>
    /// <param name="times">The time of each row, NaN where it is missing; empty for rows in equal steps.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="gaps">The number of gaps.</param>
    internal int[] Starts(IReadOnlyList<double> times, int count, out int gaps)
    {
        double longest = LongestStep * MedianStep(times);
        List<int> starts = [];
        gaps = 0;
        int first = 0;
        for (int row = 1; row <= count; row++)
        {
            bool isGap = row < count && times.Count > 0 && !(times[row] - times[row - 1] is var step
                && step > 0 && step <= longest);
            if (isGap) gaps++;
            if (!isGap && row < count) continue;
            for (int start = first; start + Size <= row; start += Stride) starts.Add(start);
            first = row;
        }

        return [.. starts];
    }

    private static double MedianStep(IReadOnlyList<double> times)
    {
        double[] steps = [.. times.Zip(times.Skip(1), (a, b) => b - a).Where(s => s > 0).Order()];
        return steps.Length == 0 ? 0 : steps[steps.Length / 2];
    }
}
