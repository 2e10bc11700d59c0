namespace Reparam.Testing;

/// <summary>
/// The distance between the distribution of draws and the one they should have. By Dvoretzky, Kiefer and Wolfowitz with
/// Massart's constant, n = ln(2/1e-9) / (2 0.01^2) draws of a right sampler exceed 0.01 with probability below 1e-9,
/// and so do those of one 0.02 off stay under it.
/// </summary>
public static class Ecdf
{
    /// <summary>n.</summary>
    public const int Draws = 107_083;

    /// <summary>The distance from which on a sampler is wrong.</summary>
    public const double Threshold = 0.01;

    private const int KnotSpacing = 50;

    /// <summary>The largest difference between the share of draws at or below a value and its probability.</summary>
    /// <param name="draws">The draws.</param>
    /// <param name="atOrBelow">For each draw the probability of its value or less.</param>
    /// <param name="below">For each draw the probability of less than its value: the same for continuous
    /// families.</param>
    public static double Distance(double[] draws, double[] atOrBelow, double[] below)
    {
        int[] order = [.. Enumerable.Range(0, draws.Length)];
        Array.Sort((double[])draws.Clone(), order);
        double distance = 0, n = draws.Length;
        for (int i = 0; i < order.Length;)
        {
            int end = i + 1;
            while (end < order.Length && draws[order[end]] == draws[order[i]]) end++;
            distance = Math.Max(
                distance, Math.Max(Math.Abs(end / n - atOrBelow[order[i]]), Math.Abs(i / n - below[order[i]])));
            i = end;
        }

        return distance;
    }

    /// <summary>
    /// Values at which <see cref="Bound"/> asks for the probabilities, in order: the smallest draw, each fiftieth and
    /// the largest.
    /// </summary>
    public static double[] Knots(IEnumerable<double> draws)
    {
        double[] sorted = [.. draws];
        Array.Sort(sorted);
        return [.. sorted.Where((_, i) => i % KnotSpacing == 0), sorted[^1]];
    }

    /// <summary>
    /// A bound of <see cref="Distance"/> from the probabilities at the knots alone. Both distributions increase, so
    /// between two knots they differ by no more than one at the upper knot and the other at the lower. The bound is
    /// never below the distance, so a sampler that the distance finds wrong fails; it is above by the share of the
    /// draws between two knots, at most 50/n &lt; 0.0005, so a right sampler exceeds 0.01 with probability below 2
    /// exp(-2 n 0.0095^2) &lt; 1e-8.
    /// </summary>
    /// <param name="draws">The draws.</param>
    /// <param name="knots">Their <see cref="Knots"/>.</param>
    /// <param name="atOrBelow">For each knot the probability of its value or less.</param>
    /// <param name="below">For each knot the probability of less than its value: the same for continuous
    /// families.</param>
    public static double Bound(IEnumerable<double> draws, double[] knots, double[] atOrBelow, double[] below)
    {
        double[] sorted = [.. draws];
        Array.Sort(sorted);
        double bound = 0, shareBefore = 0, probabilityBefore = 0, n = sorted.Length;
        for (int k = 0, i = 0; k < knots.Length; k++)
        {
            while (i < sorted.Length && sorted[i] < knots[k]) i++;
            // From the knot before, or from below all draws, up to this knot.
            bound = Math.Max(bound, Math.Max(i / n - probabilityBefore, below[k] - shareBefore));
            while (i < sorted.Length && sorted[i] == knots[k]) i++;
            (shareBefore, probabilityBefore) = (i / n, atOrBelow[k]);
            bound = Math.Max(bound, Math.Abs(shareBefore - probabilityBefore));
        }

        return Math.Max(bound, 1 - probabilityBefore);
    }
}
