using System.Globalization;
using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// Draws counts by inversion of uniform noise, with one noise number for each draw. The probabilities are laid out
/// along (0, 1) in the order mode, mode + 1, mode - 1, mode + 2, ..., and the noise falls into one of these intervals.
/// The search for the interval walks about two standard deviations of steps. Where the walk would be long, the count is
/// found by bisection on the CDF instead, in a few dozen steps for any spread. A draw depends only on its own noise.
/// </summary>
internal static class CountSampler
{
    /// <summary>The largest mean. Above it the precision of whole numbers and of a CDF does not suffice.</summary>
    public const double Limit = 1e15;

    /// <summary>
    /// Once both probabilities next to the walk are below this value, the rest of the mass is below the resolution of
    /// the noise.
    /// </summary>
    private const double Negligible = 1e-18;

    /// <summary>
    /// The smallest probability of a mode from which a walk starts (it corresponds to a standard deviation of about
    /// 400). A walk also does not start if the standard deviation exceeds the reciprocal of this value, because far out
    /// the log-probability of a mode is mostly rounding error.
    /// </summary>
    private const double Wide = 1e-3;

    /// <summary>The largest number of steps of a walk to either side.</summary>
    private const int Steps = 1000;

    /// <summary>A family of counts. The functions take the index i of the batch member.</summary>
    /// <param name="Mode">The count with the largest probability.</param>
    /// <param name="LogProb">The log-probability of the mode, Float64. A rounding error here would shift mass into or
    /// out of the tails.</param>
    /// <param name="Ratio">p(k + 1) / p(k).</param>
    /// <param name="Cdf">P(X &lt;= k).</param>
    /// <param name="Mean">The mean.</param>
    /// <param name="Variance">The variance.</param>
    /// <param name="Largest">The largest count.</param>
    public sealed record Family(
        Tensor Mode, Tensor LogProb, Func<int, double, double> Ratio, Func<int, double, double> Cdf, Tensor Mean,
        Tensor Variance, Func<int, double> Largest);

    /// <summary>Draws one count for each number of <paramref name="u"/> (Float64, shape sample + batch).</summary>
    /// <exception cref="NotSupportedException">A mean or a standard deviation exceeds <see cref="Limit"/>.</exception>
    public static Tensor Draw(Tensor u, Family family)
    {
        if (!u.HasElements) return Tensor.Zeros(u.Shape, DType.Float64).To(family.Mode.DType).Detach();
        ReadOnlySpan<double> noise = u.AsSpan<double>();
        double[] counts = new double[noise.Length];
        int batch = family.Mode.Size;
        for (int i = 0; i < counts.Length; i++)
        {
            int member = i % batch;
            counts[i] = One(
                noise[i], family.Mode.At(member), PortableMath.Exp(family.LogProb.At(member)), member, family);
        }

        return Tensor.From(counts, u.Shape).To(family.Mode.DType).Detach();
    }

    /// <summary>The smallest count whose CDF is at least the probability (Float64, shape sample + batch).</summary>
    /// <exception cref="NotSupportedException">A mean or a standard deviation exceeds <see cref="Limit"/>.</exception>
    public static Tensor Quantile(Tensor probability, Family family)
    {
        if (!probability.HasElements) return Tensor.Zeros(probability.Shape, DType.Float64).To(family.Mode.DType);
        ReadOnlySpan<double> p = probability.AsSpan<double>();
        double[] counts = new double[p.Length];
        int batch = family.Mode.Size;
        for (int i = 0; i < counts.Length; i++)
        {
            counts[i] = p[i] is >= 0 and <= 1 && !double.IsNaN(family.Mode.At(i % batch))
                ? Search(p[i], i % batch, family) : double.NaN;
        }

        return Tensor.From(counts, probability.Shape).To(family.Mode.DType);
    }

    private static double One(double u, double mode, double atMode, int member, Family family)
    {
        if (double.IsNaN(mode) || double.IsNaN(atMode)) return double.NaN;
        if (atMode < Wide || family.Variance.At(member) > 1 / (Wide * Wide)) return Search(u, member, family);
        double left = u;
        if (left < atMode) return mode;
        left -= atMode;
        double above = mode, below = mode, up = atMode, down = atMode;
        for (int step = 0; step < Steps; step++)
        {
            up *= family.Ratio(member, above);
            above++;
            if (left < up) return above;
            left -= up;
            double before = below > 0 ? family.Ratio(member, below - 1) : double.PositiveInfinity;
            down /= before;
            below--;
            if (left < down) return below;
            left -= down;
            // The noise that is left now is below the rounding error of the sum. The mode is always a value of the
            // family, but the next step outwards may not be. NaN stops here too.
            if (!(up + down >= Negligible)) return mode;
        }

        // A long tail: the remaining noise is assigned first to the counts above the walk, then to the counts below it.
        double walked = family.Cdf(member, above), upper = 1 - walked;
        return left < upper ? Search(walked + left, member, family) : Search(left - upper, member, family);
    }

    /// <summary>
    /// The smallest k with F(k) >= p. A bracket around the normal approximation is widened until it contains the
    /// answer, then it is bisected.
    /// </summary>
    private static double Search(double p, int member, Family family)
    {
        double mean = family.Mean.At(member), deviation = Math.Sqrt(family.Variance.At(member)),
            largest = family.Largest(member);
        if (!(mean <= Limit && deviation <= Limit))
        {
            throw new NotSupportedException(string.Create(
                CultureInfo.InvariantCulture,
                $"Counts can be drawn up to a mean and a standard deviation of {Limit:G1}; these are {mean:G6} and " +
                    $"{deviation:G6}. Use a Normal for counts of that size."));
        }

        if (p <= family.Cdf(member, 0)) return 0;
        if (p >= 1) return largest;
        double z = PortableMath.NormalQuantile(p), width = 1 + 0.01 * deviation;
        double start = Math.Floor(Math.Min(Math.Max(mean + z * deviation, 1), largest)), low = start, high = start;
        // F(low) < p <= F(high).
        while (low > 0 && family.Cdf(member, low) >= p)
        {
            high = low;
            low = Math.Max(0, Math.Floor(low - width));
            width *= 2;
        }

        while (high < largest && family.Cdf(member, high) < p)
        {
            low = high;
            high = Math.Min(largest, Math.Ceiling(high + width));
            width *= 2;
            // The CDF of a heavy tail may round to the largest number below 1 before it reaches p.
            if (high > 1e300) break;
        }

        while (high - low > 1)
        {
            double middle = Math.Floor(0.5 * (low + high));
            if (middle <= low || middle >= high) break;
            if (family.Cdf(member, middle) >= p) high = middle;
            else low = middle;
        }

        return high;
    }
}
