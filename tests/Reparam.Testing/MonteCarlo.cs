using System.Globalization;
using Reparam.Tensors;

namespace Reparam.Testing;

/// <summary>
/// Means of independent draws against known values, at six standard errors: a right mean of normal draws fails with
/// probability 2e-9. Seeds are fixed, so a test that passes always passes.
/// </summary>
public static class MonteCarlo
{
    /// <summary>The width of the acceptance interval, to each side.</summary>
    public const double StandardErrors = 6;

    /// <summary>The mean and its standard error.</summary>
    public static (double Mean, double Error) MeanOf(IEnumerable<double> draws)
    {
        long count = 0;
        double mean = 0, squares = 0;
        foreach (double draw in draws)
        {
            double deviation = draw - mean;
            mean += deviation / ++count;
            squares += deviation * (draw - mean);
        }

        return (mean, Math.Sqrt(squares / (count - 1) / count));
    }

    /// <summary>Fails unless the mean of the draws lies within six standard errors of the expected value.</summary>
    public static void RequireMean(double expected, IEnumerable<double> draws, string what, double rounding = 1e-12)
    {
        if (Disagreement(expected, draws, what, rounding) is { } problem) Assert.Fail(problem);
    }

    /// <summary>The disagreement in words; null where the mean fits.</summary>
    /// <param name="expected">The true mean.</param>
    /// <param name="draws">Independent draws.</param>
    /// <param name="what">Their name.</param>
    /// <param name="rounding">Relative rounding to allow where the draws hardly vary.</param>
    public static string? Disagreement(double expected, IEnumerable<double> draws, string what, double rounding = 1e-12)
    {
        (double mean, double error) = MeanOf(draws);
        return Math.Abs(mean - expected) <= StandardErrors * error + rounding * Math.Max(1, Math.Abs(expected))
            ? null
            : string.Create(
                CultureInfo.InvariantCulture, $"{what}: expected {expected:G9}, got {mean:G9} +/- {error:G3}");
    }

    /// <summary>
    /// A function of each draw, computed for a part of the draws at a time: the tensors between take the memory of one
    /// part and stay in the caches. A row of the result depends on no other row, so parts give the bits of the whole.
    /// </summary>
    /// <param name="draws">Draws along the first axis.</param>
    /// <param name="function">From draws to as many rows.</param>
    public static double[] OfDraws(Tensor draws, Func<Tensor, Tensor> function)
    {
        const int Part = 10_000;
        int count = draws.Shape[0];
        double[]? values = null;
        for (int first = 0; first < count; first += Part)
        {
            using var scope = new TensorScope();
            int rows = Math.Min(Part, count - first);
            double[] part = function(draws.Slice(0, first, rows)).Doubles();
            int width = part.Length / rows;
            Assert.Equal(rows * width, part.Length);
            values ??= new double[count * width];
            part.CopyTo(values, first * width);
        }

        return values ?? [];
    }

    /// <summary>Element <paramref name="index"/> of each row of a [n, width] table.</summary>
    public static IEnumerable<double> Column(double[] rows, int width, int index)
    {
        for (int i = index; i < rows.Length; i += width) yield return rows[i];
    }
}
