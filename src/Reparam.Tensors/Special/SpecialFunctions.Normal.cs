using static Reparam.Tensors.PortableMath;

namespace Reparam.Tensors.Special;

public static partial class SpecialFunctions
{
    /// <summary>For x below this, the asymptotic series of the normal tail is exact to the last place.</summary>
    private const double DeepTail = -10;

    /// <summary>The standard normal density. 0 at both infinities.</summary>
    public static double NormalDensity(double x) => 0.3989422804014327 * Gaussian(x);

    /// <summary>
    /// Phi(x) = erfc(-x / sqrt 2) / 2, the standard normal CDF. 0 at -infinity, 1 at infinity. Error 1e-14 for x down
    /// to -37.5, where it underflows. d/dx is <see cref="NormalDensity"/>.
    /// </summary>
    public static double NormalCdf(double x) => PortableMath.NormalCdf(x);

    /// <summary>
    /// log Phi(x). Error 1e-14 for all x, also where Phi underflows or rounds to 1. -infinity at -infinity, 0 at
    /// infinity. d/dx is <see cref="InverseMillsRatio"/>.
    /// </summary>
    /// <remarks>For x below -10 by the asymptotic series of the tail (DLMF 7.12.1).</remarks>
    public static double LogNormalCdf(double x) => x switch
    {
        double.NegativeInfinity => x,
        < DeepTail => -0.5 * x * x - HalfLogTwoPi - Log(-x / TailSeries(x)),
        < 0 => Log(NormalCdf(x)),
        _ => LogP1(-NormalCdf(-x)),
    };

    /// <summary>
    /// phi(x) / Phi(x), the derivative of <see cref="LogNormalCdf"/> and the mean of a standard normal truncated from
    /// below at -x (Mills, 1926, tabulated its reciprocal). Error 1e-14. It approaches -x from above as x decreases to
    /// -infinity, and 0 as x increases.
    /// </summary>
    public static double InverseMillsRatio(double x) => x < DeepTail ? -x / TailSeries(x)
        : NormalDensity(x) / NormalCdf(x);

    /// <summary>
    /// The z with log Phi(z) = <paramref name="logP"/>, for logP in [-infinity, 0]: a normal quantile also for
    /// probabilities that underflow, as truncated normals need it. Error 1e-13; near z = 0 the absolute error is 1e-15.
    /// NaN for logP > 0. dz/dlogP is the reciprocal of <see cref="InverseMillsRatio"/> at z.
    /// </summary>
    /// <remarks>In the tail by Newton's method on <see cref="LogNormalCdf"/>, which is concave; elsewhere by
    /// <see cref="NormalQuantile"/>.</remarks>
    public static double NormalQuantileOfLog(double logP)
    {
        if (double.IsNaN(logP) || logP > 0) return double.NaN;
        if (double.IsNegativeInfinity(logP)) return logP;
        if (logP > -0.5) return -NormalQuantile(-ExpM1(logP));
        if (logP > -50) return NormalQuantile(Exp(logP));
        double z = -Math.Sqrt(-2 * logP - Log(-4 * Math.PI * logP));
        for (int step = 0; step < 4; step++) z -= (LogNormalCdf(z) - logP) / InverseMillsRatio(z);
        return z;
    }

    /// <summary>-x Phi(x) / phi(x) = 1 - 1/x^2 + 3/x^4 - 15/x^6 + ... for x below -10.</summary>
    private static double TailSeries(double x)
    {
        double z = 1 / (x * x), p = 1;
        for (int k = 41; k >= 1; k -= 2) p = 1 - k * z * p;
        return p;
    }
}
