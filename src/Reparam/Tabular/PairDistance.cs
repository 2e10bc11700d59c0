using Reparam.Evaluation;
using Reparam.Tensors;

namespace Reparam.Tabular;

/// <summary>
/// How far the dependence of two columns in a synthetic table is from that in the real one. For two columns of numbers
/// it is half of the difference of Spearman's rank correlations. For other pairs it is the total variation distance of
/// the shares of all pairs of levels, where a column of numbers has five levels between the quintiles of the real
/// numbers, a missing cell is a level, and a category has its 50 most frequent levels and one for all others.
/// 1 - Distance is the score of SDMetrics' CorrelationSimilarity and ContingencySimilarity.
/// </summary>
/// <param name="First">The name of the first column.</param>
/// <param name="Second">The name of the second column.</param>
/// <param name="AreNumbers">Whether both columns are numbers.</param>
/// <param name="Distance">The distance, from 0 to 1.</param>
/// <param name="Chance">The same distance after the rows of both tables are dealt to the tables at random.</param>
/// <param name="Real">How strongly the columns depend on each other in the real table: Spearman's correlation, or
/// Cramér's V of the levels (<see cref="Association"/>); 0 if a column is constant.</param>
/// <param name="Synthetic">The same in the synthetic table.</param>
public sealed record PairDistance(
    string First, string Second, bool AreNumbers, double Distance, double Chance, double Real, double Synthetic)
{
    private const int Quantiles = 5, MostLevels = 50;

    /// <summary>The distances of all pairs of columns. For the columns i &lt; j of K, the place in the list is that of
    /// (i, j) in the order (0, 1), (0, 2), ..., (0, K - 1), (1, 2), ...</summary>
    internal static PairDistance[] All(IReadOnlyList<ComparedColumn> columns, int[] deal,
        CancellationToken cancellation)
    {
        Side[] real = [.. columns.Select(c => Side.Of(c, c.Real))],
            synthetic = [.. columns.Select(c => Side.Of(c, c.Synthetic))];
        int count = columns.Count == 0 ? 0 : columns[0].Real.Length;
        Side[] one = [.. real.Zip(synthetic, (r, s) => Side.Dealt(r, s, deal.AsSpan(0, count)))],
            other = [.. real.Zip(synthetic, (r, s) => Side.Dealt(r, s, deal.AsSpan(count)))];
        (int I, int J)[] pairs = [.. Enumerable.Range(0, columns.Count).SelectMany(
            i => Enumerable.Range(i + 1, columns.Count - i - 1).Select(j => (i, j)))];
        var found = new PairDistance[pairs.Length];
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = Execution.Threads, CancellationToken = cancellation,
        };
        Parallel.For(0, pairs.Length, options, p =>
        {
            (int i, int j) = pairs[p];
            bool areNumbers = real[i].Values is not null && real[j].Values is not null;
            (double distance, double a, double b) = Between(real[i], real[j], synthetic[i], synthetic[j]);
            (double chance, _, _) = Between(one[i], one[j], other[i], other[j]);
            found[p] = new PairDistance(
                columns[i].Column.Name, columns[j].Column.Name, areNumbers, distance, chance, a, b);
        });
        return found;
    }

    private static (double Distance, double First, double Second) Between(Side a1, Side a2, Side b1, Side b2)
    {
        if (a1.Values is not null && a2.Values is not null)
        {
            (double first, double second) = (Correlation(a1, a2), Correlation(b1, b2));
            return (Math.Abs(first - second) / 2, first, second);
        }

        (int[,] a, int[,] b) = (Counts(a1, a2), Counts(b1, b2));
        return (TwoSamples.TotalVariation(Flat(a), Flat(b)), Known(Association.CramersV(a)),
            Known(Association.CramersV(b)));
    }

    /// <summary>Spearman's correlation over the rows that have both numbers.</summary>
    private static double Correlation(Side a, Side b)
    {
        if (a.Ranks is not null && b.Ranks is not null) return Known(Association.Pearson(a.Ranks, b.Ranks));
        int[] rows = [.. Enumerable.Range(0, a.Codes.Length).Where(
            r => !double.IsNaN(a.Values![r]) && !double.IsNaN(b.Values![r]))];
        return Known(Association.Spearman(
            Array.ConvertAll(rows, r => a.Values![r]), Array.ConvertAll(rows, r => b.Values![r])));
    }

    private static double Known(double association) => double.IsNaN(association) ? 0 : association;

    private static int[,] Counts(Side a, Side b)
    {
        int[,] counts = new int[a.Levels, b.Levels];
        for (int row = 0; row < a.Codes.Length; row++) counts[a.Codes[row], b.Codes[row]]++;
        return counts;
    }

    private static int[] Flat(int[,] counts) => [.. counts.Cast<int>()];

    /// <summary>A column of one table: the level of each cell, and the numbers and their ranks where it has
    /// numbers.</summary>
    private sealed record Side(byte[] Codes, int Levels, double[]? Values)
    {
        /// <summary>The ranks; null where a number is missing.</summary>
        public double[]? Ranks { get; } =
            Values is null || Values.Any(double.IsNaN) ? null : Association.Ranks(Values);

        public static Side Of(ComparedColumn column, double[] cells)
        {
            if (column.HasLevels)
            {
                int[] counts = column.Counts(column.Real), ranks = new int[counts.Length];
                foreach ((int rank, int level) in Enumerable.Range(0, counts.Length).OrderByDescending(
                    l => counts[l]).Index())
                    ranks[level] = Math.Min(rank, MostLevels);
                int levels = Math.Min(counts.Length, MostLevels + 1);
                return new Side(Array.ConvertAll(
                    cells, cell => (byte)(double.IsNaN(cell) ? levels : ranks[(int)cell])), levels + 1, null);
            }

            double[] sorted = [.. ComparedColumn.Known(column.Real).Order()];
            double[] edges = sorted.Length == 0 ? [] : [.. Enumerable.Range(1, Quantiles - 1).Select(
                q => sorted[(int)((long)q * sorted.Length / Quantiles)]).Distinct()];
            return new Side(Array.ConvertAll(cells, cell => (byte)(double.IsNaN(cell) ? Quantiles
                : edges.Count(edge => edge <= cell))), Quantiles + 1, cells);
        }

        public static Side Dealt(Side a, Side b, ReadOnlySpan<int> places) => new(
            ColumnDistance.Dealt(a.Codes, b.Codes, places), a.Levels,
            a.Values is null ? null : ColumnDistance.Dealt(a.Values, b.Values!, places));
    }
}
