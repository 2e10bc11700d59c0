namespace Reparam.Testing;

/// <summary>
/// The distance between the distribution of draws and the one they should have. By Dvoretzky, Kiefer and Wolfowitz with Massart's constant, n = ln(2/1e-9) / (2 0.01^2) draws of a right
/// sampler exceed 0.01 with probability below 1e-9, and so do those of one 0.02 off stay under it.
/// </summary>
public static class Ecdf
{
    /// <summary>n.</summary>
    public const int Draws = 107_083;

    /// <summary>The distance from which on a sampler is wrong.</summary>
    public const double Threshold = 0.01;

    /// <summary>The largest difference between the share of draws at or below a value and its probability.</summary>
    /// <param name="draws">The draws.</param>
    /// <param name="atOrBelow">For each draw the probability of its value or less.</param>
    /// <param name="below">For each draw the probability of less than its value: the same for continuous families.</param>
    public static double Distance(double[] draws, double[] atOrBelow, double[] below)
    {
        int[] order = [.. Enumerable.Range(0, draws.Length)];
        Array.Sort((double[])draws.Clone(), order);
        double distance = 0, n = draws.Length;
        for (int i = 0; i < order.Length;)
        {
            int end = i + 1;
            while (end < order.Length && draws[order[end]] == draws[order[i]]) end++;
            distance = Math.Max(distance, Math.Max(Math.Abs(end / n - atOrBelow[order[i]]), Math.Abs(i / n - below[order[i]])));
            i = end;
        }

        return distance;
    }
}
