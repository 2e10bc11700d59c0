namespace Reparam.Evaluation;

/// <summary>Distances of the distributions of two samples of one variable, from 0 (the same) to 1.</summary>
public static class TwoSamples
{
    /// <summary>
    /// The Kolmogorov-Smirnov distance of two samples of numbers: the largest |F_a(x) - F_b(x)|, where F is the share
    /// of a sample that is at most x.
    /// </summary>
    /// <exception cref="ArgumentException">A sample is empty or holds NaN.</exception>
    public static double KolmogorovSmirnov(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        (double[] first, double[] second) = (Sorted(a), Sorted(b));
        double largest = 0;
        for (int i = 0, j = 0; i < first.Length && j < second.Length;)
        {
            double x = Math.Min(first[i], second[j]);
            while (i < first.Length && first[i] == x) i++;
            while (j < second.Length && second[j] == x) j++;
            largest = Math.Max(largest, Math.Abs((double)i / first.Length - (double)j / second.Length));
        }

        return largest;
    }

    /// <summary>
    /// The total variation distance of two samples of categories: half of the sum of |p_k - q_k| over the categories k,
    /// where p and q are their shares.
    /// </summary>
    /// <param name="a">The count of each category in one sample.</param>
    /// <param name="b">The count of each category in the other sample.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a sample is empty.</exception>
    public static double TotalVariation(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        if (a.Length != b.Length)
            throw new ArgumentException($"Got counts of {a.Length} and {b.Length} categories; give the same ones.");
        long first = 0, second = 0;
        foreach (int count in a) first += count;
        foreach (int count in b) second += count;
        if (first == 0 || second == 0) throw new ArgumentException("A sample has no data.");
        double sum = 0;
        for (int k = 0; k < a.Length; k++) sum += Math.Abs((double)a[k] / first - (double)b[k] / second);
        return sum / 2;
    }

    private static double[] Sorted(ReadOnlySpan<double> sample)
    {
        double[] sorted = sample.ToArray();
        Array.Sort(sorted);
        // NaN is sorted before all numbers.
        if (sorted.Length == 0 || double.IsNaN(sorted[0]))
            throw new ArgumentException("A sample needs at least one number, and no number may be NaN.");
        return sorted;
    }
}
