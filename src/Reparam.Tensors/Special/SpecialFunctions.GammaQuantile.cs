using static Reparam.Tensors.PortableMath;

namespace Reparam.Tensors.Special;

public static partial class SpecialFunctions
{
    /// <summary>
    /// The x with P(a, x) = p, the quantile of a standard gamma variable of shape a > 0, for p in [0, 1]. 0 at p = 0
    /// (and where x underflows, which happens for small shapes), infinity at p = 1, NaN outside the domain. Error
    /// 1e-13. Near p = 1 use <see cref="GammaQuantileUpper"/>. dx/dp is the reciprocal of <see cref="GammaDensity"/>,
    /// dx/da is <see cref="GammaPathwise"/>.
    /// </summary>
    public static double GammaQuantile(double a, double p) => p is >= 0 and <= 1 ? GammaQuantileFromTails(a, p, 1 - p)
        : double.NaN;

    /// <summary>The x with Q(a, x) = q: <see cref="GammaQuantile"/> at 1 - q, accurate for small q.</summary>
    public static double GammaQuantileUpper(double a, double q) => q is >= 0 and <= 1
        ? GammaQuantileFromTails(a, 1 - q, q) : double.NaN;

    /// <summary>Newton's method on the logarithm of the smaller tail as a function of log x. Both tails are log-concave
    /// in log x, so the method converges from every initial value, and from one side.</summary>
    private static double GammaQuantileFromTails(double a, double p, double q)
    {
        if (!(a > 0) || double.IsInfinity(a)) return double.NaN;
        if (p == 0) return 0;
        if (q == 0) return double.PositiveInfinity;
        bool lower = p <= 0.5;
        // P(a, x) < x^a / Gamma(a + 1) gives a lower bound of x; for tiny x the two sides are equal.
        double logP = lower ? Log(p) : LogP1(-q), first = (logP + (a <= 1 ? LogGammaP1(a) : LogGamma(a + 1))) / a;
        if (first < -600) return Exp(first);
        // Wilson and Hilferty (1931): the cube root of x is nearly normal.
        double z = lower ? NormalQuantile(p) : -NormalQuantile(q), root = 1 - 1 / (9 * a) + z / (3 * Math.Sqrt(a));
        double x = Math.Max(Exp(first), root > 0 ? a * root * root * root : 0), target = lower ? logP : Log(q);
        for (int step = 0; step < 100; step++)
        {
            double kernel = LogGammaKernel(a, x), tail = LogGammaTail(a, x, kernel, out bool direct);
            if (direct != lower) tail = LogOfComplement(tail);
            double change = (target - tail) / Exp(kernel - tail);
            if (!lower) change = -change;
            // An upward step from a point where the upper tail is flat would leave the range of x.
            change = Math.Min(change, 1);
            x += x * ExpM1(change);
            // In units of the standard deviation of log x, the remaining error is of the order of the square of the
            // step.
            if (Math.Abs(change) * (1 + Math.Sqrt(Math.Max(a, x))) < 1e-8) break;
        }

        return x;
    }
}
