using static Reparam.Tensors.PortableMath;

namespace Reparam.Tensors.Special;

/// <summary>
/// Special functions of <see langword="double"/>s with the same bits on every machine (see <see cref="PortableMath"/>). Errors are relative unless
/// stated otherwise and hold where the function is well conditioned: beside a zero they are absolute. NaN gives NaN.
/// </summary>
public static partial class SpecialFunctions
{
    /// <summary>From here on the asymptotic series of gamma and its kin are exact to the last place.</summary>
    internal const double Asymptotic = 10;

    internal const double HalfLogTwoPi = 0.9189385332046727;

    /// <summary>
    /// log |Gamma(x)|: +infinity at 0 and the negative integers and at both infinities. Error 1e-15, also beside the zeros 1 and 2; absolute beside the zeros on the negative axis.
    /// d/dx is <see cref="Digamma"/>.
    /// </summary>
    /// <remarks>Taylor's series about 2 (DLMF 5.7.3), the recurrence down to it, Stirling's series above 10 (DLMF 5.11.1), reflection below 0 (DLMF 5.5.3).</remarks>
    public static double LogGamma(double x)
    {
        if (double.IsNaN(x)) return x;
        if (double.IsInfinity(x)) return double.PositiveInfinity;
        if (x <= 0)
        {
            if (x == Math.Floor(x)) return double.PositiveInfinity;
            // The distance to the nearest integer is exact, so the sine keeps its relative accuracy beside a pole.
            double sine = Math.Abs(Sin(Math.PI * (x - Math.Round(x))));
            return Log(Math.PI / sine) - LogGamma(1 - x);
        }

        if (x >= Asymptotic) return x > 1e300 ? x * (Log(x) - 1) : (x - 0.5) * Log(x) - x + HalfLogTwoPi + StirlingCorrection(x);
        if (x < 0.5) return LogGammaAboutTwo(x) - LogP1(x) - Log(x);
        if (x < 1.5) return LogGammaAboutTwo(x - 1) - LogP1(x - 1);
        double product = 1;
        while (x > 2.5) product *= --x;
        return LogGammaAboutTwo(x - 2) + Log(product);
    }

    /// <summary>
    /// log (x)_d = log Gamma(x + d) - log Gamma(x), the logarithm of Pochhammer's symbol, for x > 0 and d >= 0. Nothing cancels where x is large, as in
    /// the constant of Student's t of many degrees of freedom: there the absolute error is 1e-16 max(1, d log x). NaN outside the domain.
    /// </summary>
    /// <remarks>The difference of two Stirling series (DLMF 5.11.1) with its large parts joined into one logarithm.</remarks>
    public static double LogPochhammer(double x, double d)
    {
        if (!(x > 0 && d >= 0)) return double.NaN;
        if (x < Asymptotic) return LogGamma(x + d) - LogGamma(x);
        double u = d / x;
        // x log1p(u) - d = -x (u - log1p(u)).
        return d * Log(x) + (d - 0.5) * LogP1(u) - x * LogP1Residual(u) + (StirlingCorrection(x + d) - StirlingCorrection(x));
    }

    /// <summary>
    /// log B(a, b) = log Gamma(a) + log Gamma(b) - log Gamma(a + b) for a, b > 0, without cancellation between large logarithms. Absolute error 1e-15 times
    /// the largest of 1, |log B| and the smaller argument's log Gamma. +infinity at 0, -infinity at infinity; NaN below. d/da is Digamma(a) - Digamma(a + b).
    /// </summary>
    /// <remarks>After DiDonato and Morris (1992), "Algorithm 708", with our own <see cref="LogPochhammer"/>.</remarks>
    public static double LogBeta(double a, double b)
    {
        if (!(a >= 0 && b >= 0)) return double.NaN;
        (double p, double q) = a <= b ? (a, b) : (b, a);
        if (p == 0) return double.PositiveInfinity;
        if (double.IsInfinity(q)) return double.NegativeInfinity;
        if (p < Asymptotic) return LogGamma(p) - LogPochhammer(q, p);
        double ratio = p / q;
        // (p / (p + q))^p (q / (p + q))^q by Stirling; every term but the constant is negative.
        return (p - 0.5) * Log(ratio / (1 + ratio)) - q * LogP1(ratio) - 0.5 * Log(q) + HalfLogTwoPi
            + (StirlingCorrection(p) + (StirlingCorrection(q) - StirlingCorrection(p + q)));
    }

    /// <summary>log Gamma(1 + z) for z in [0, 1], accurate relative to itself near 0.</summary>
    internal static double LogGammaP1(double z) => z <= 0.5 ? LogGammaAboutTwo(z) - LogP1(z) : LogGamma(1 + z);

    /// <summary>log Gamma(x) - ((x - 1/2) log x - x + log(2 pi) / 2) for x >= 10.</summary>
    internal static double StirlingCorrection(double x)
    {
        double r = 1 / x, z = r * r;
        double p = -0.029550653594771242;
        p = p * z + 0.00641025641025641;
        p = p * z - 0.0019175269175269176;
        p = p * z + 0.0008417508417508417;
        p = p * z - 0.0005952380952380953;
        p = p * z + 0.0007936507936507937;
        p = p * z - 0.002777777777777778;
        p = p * z + 0.08333333333333333;
        return p * r;
    }

    /// <summary>log Gamma(2 + z) for |z| at most 1/2: z (1 - gamma) + the sum of (zeta(k) - 1) (-z)^k / k from k = 2.</summary>
    private static double LogGammaAboutTwo(double z)
    {
        ReadOnlySpan<double> c =
        [
            0.42278433509846713, 0.3224670334241132, -0.0673523010531981, 0.020580808427784546, -0.007385551028673986, 0.0028905103307415234,
            -0.001192753911703261, 0.0005096695247430425, -0.00022315475845357939, 9.945751278180853e-05, -4.492623673813314e-05,
            2.050721277567069e-05, -9.439488275268397e-06, 4.374866789907488e-06, -2.039215753801366e-06, 9.55141213040742e-07,
            -4.492469198764566e-07, 2.1207184805554665e-07, -1.0043224823968099e-07, 4.7698101693639804e-08, -2.2711094608943164e-08,
            1.0838659214896955e-08, -5.183475041970047e-09, 2.4836745438024785e-09, -1.1921401405860912e-09, 5.731367241678862e-10,
        ];
        double p = 0;
        for (int k = c.Length - 1; k >= 0; k--) p = Math.FusedMultiplyAdd(p, z, c[k]);
        return p * z;
    }
}
