using Reparam.Evaluation;
using Reparam.Tensors;

namespace Reparam.Tabular;

/// <summary>
/// How near synthetic rows are to the real rows of which they were made. The distance of two rows is Gower's (1971):
/// the mean over the columns of |a - b| / range for numbers, where the range is that of the real rows and the term is
/// at most 1, and of 0 or 1 for categories; levels in order count as the numbers 0, 1, .... A missing cell has the
/// distance 0 from another one and 1 from any value. A text that the real table does not have has the distance 1 from
/// every cell.
/// New rows of the real source are near some real row too. The expected distances are those of held-out rows or,
/// without them, those of each real row from the nearest other real row.
/// </summary>
/// <param name="Fifth">The 5th percentile of the distances of synthetic rows from the nearest real row.</param>
/// <param name="Median">The median of these distances.</param>
/// <param name="ExpectedFifth">The 5th percentile of the expected distances.</param>
/// <param name="ExpectedMedian">The median of the expected distances.</param>
/// <param name="Near">The share of synthetic rows that are nearer than <paramref name="ExpectedFifth"/>. About 0.05 is
/// expected; much more means that the table holds near copies of real rows.</param>
/// <param name="Copies">The share of synthetic rows that equal a real row in all columns that are compared.</param>
/// <param name="ExpectedCopies">The same share of held-out rows or, without them, of real rows that equal another real
/// row.</param>
/// <param name="NearerToReal">The share of synthetic rows that are nearer to a real row than to a held-out row, with
/// ties counted as one half; of the real rows, as many as there are held-out rows are taken, or the other way round. It
/// is 0.5 if the synthetic rows do not give away which rows they were made of. Null without held-out rows: in two parts
/// of the rows that a model has seen, it is 0.5 whatever the model remembers.</param>
/// <param name="UsesHeldOut">Whether the expected distances are those of held-out rows.</param>
public sealed record RowPrivacy(double Fifth, double Median, double ExpectedFifth, double ExpectedMedian,
    Estimate Near, Estimate Copies, Estimate ExpectedCopies, Estimate? NearerToReal, bool UsesHeldOut)
{
    // With more rows in a search, fewer rows are searched for.
    private const long MostDistances = 200_000_000;
    private const int LeastSearched = 1000, MostSearched = 10_000;

    internal static RowPrivacy Of(IReadOnlyList<ComparedColumn> columns, Rng rng, CancellationToken cancellation)
    {
        GowerRows real = GowerRows.Of(columns, c => c.Real), synthetic = GowerRows.Of(columns, c => c.Synthetic),
            held = GowerRows.Of(columns, c => c.HeldOut);
        bool usesHeldOut = held.Count > 0;
        GowerRows fresh = usesHeldOut ? held : real;
        int[] searched = Searched(synthetic, real, rng.Split("synthetic")),
            compared = Searched(fresh, real, rng.Split("real"));
        double[] distances = real.Nearest(synthetic, searched, cancellation),
            expected = real.Nearest(fresh, compared, cancellation);
        double fifth = Quantile(expected, 0.05);
        Estimate? share = null;
        if (usesHeldOut)
        {
            int size = Math.Min(real.Count, held.Count);
            GowerRows some = real.Subset(rng.Split("real half").Permutation(real.Count)[..size]),
                others = held.Subset(rng.Split("held-out half").Permutation(held.Count)[..size]);
            double[] toReal = some.Nearest(synthetic, searched, cancellation),
                toHeld = others.Nearest(synthetic, searched, cancellation);
            share = Estimate.Of([.. toReal.Zip(toHeld, (a, b) => a < b ? 1 : a == b ? 0.5 : 0)], 1);
        }

        return new RowPrivacy(Quantile(distances, 0.05), Quantile(distances, 0.5), fifth, Quantile(expected, 0.5),
            Estimate.Of(Array.ConvertAll(distances, d => d < fifth ? 1.0 : 0), 1),
            Estimate.Of(real.Holds(synthetic), 1), Estimate.Of(real.Holds(fresh), 1), share, usesHeldOut);
    }

    private static int[] Searched(GowerRows rows, GowerRows among, Rng rng) => rng.Permutation(rows.Count)[..Math.Min(
        rows.Count, (int)Math.Clamp(MostDistances / among.Count, LeastSearched, MostSearched))];

    /// <summary>The smallest number that at least a share of the numbers do not exceed.</summary>
    private static double Quantile(double[] values, double share)
    {
        double[] sorted = [.. values.Order()];
        return sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
    }
}
