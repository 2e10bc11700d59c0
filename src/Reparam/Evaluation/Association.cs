namespace Reparam.Evaluation;

/// <summary>How strongly two variables depend on each other.</summary>
public static class Association
{
    /// <summary>
    /// Spearman's rank correlation of pairs of numbers, from -1 to 1: the correlation of their ranks, where equal
    /// numbers share the mean of their ranks. It is NaN if one of the variables is constant.
    /// </summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Spearman(ReadOnlySpan<double> a, ReadOnlySpan<double> b) => Pearson(Ranks(a), Ranks(b));

    /// <summary>
    /// Pearson's correlation of pairs of numbers, from -1 to 1. It is NaN if one of the variables is constant.
    /// </summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Pearson(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        if (a.Length != b.Length)
            throw new ArgumentException($"Got {a.Length} and {b.Length} numbers; a correlation needs pairs.");
        double meanA = 0, meanB = 0;
        for (int i = 0; i < a.Length; i++)
        {
            meanA += a[i];
            meanB += b[i];
        }

        (meanA, meanB) = (meanA / a.Length, meanB / a.Length);
        double squareA = 0, squareB = 0, product = 0;
        for (int i = 0; i < a.Length; i++)
        {
            (double x, double y) = (a[i] - meanA, b[i] - meanB);
            squareA += x * x;
            squareB += y * y;
            product += x * y;
        }

        return Math.Clamp(product / Math.Sqrt(squareA) / Math.Sqrt(squareB), -1, 1);
    }

    /// <summary>
    /// Cramér's V of two categorical variables, from 0 (independent) to 1: the square root of chi^2 / (n (m - 1)),
    /// where chi^2 is Pearson's statistic of n data and m is the smaller number of categories that occur. It is NaN if
    /// one of the variables is constant.
    /// </summary>
    /// <param name="counts">The number of data with each pair of categories.</param>
    public static double CramersV(int[,] counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        int rows = counts.GetLength(0), columns = counts.GetLength(1);
        double[] byRow = new double[rows], byColumn = new double[columns];
        double total = 0, sum = 0;
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                byRow[i] += counts[i, j];
                byColumn[j] += counts[i, j];
                total += counts[i, j];
            }
        }

        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                if (counts[i, j] > 0) sum += (double)counts[i, j] * counts[i, j] / (byRow[i] * byColumn[j]);
            }
        }

        // chi^2 / n is the sum of the squared counts over the products of the margins, minus 1.
        int smaller = Math.Min(byRow.Count(n => n > 0), byColumn.Count(n => n > 0));
        return smaller < 2 ? double.NaN : Math.Sqrt(Math.Clamp((sum - 1) / (smaller - 1), 0, 1));
    }

    /// <summary>The ranks of numbers from 1. Equal numbers share the mean of their ranks.</summary>
    internal static double[] Ranks(ReadOnlySpan<double> values)
    {
        double[] sorted = values.ToArray(), ranks = new double[values.Length];
        int[] order = [.. Enumerable.Range(0, sorted.Length)];
        Array.Sort(sorted, order);
        for (int start = 0; start < sorted.Length;)
        {
            int end = start + 1;
            while (end < sorted.Length && sorted[end] == sorted[start]) end++;
            for (int i = start; i < end; i++) ranks[order[i]] = (start + 1 + end) / 2.0;
            start = end;
        }

        return ranks;
    }
}
