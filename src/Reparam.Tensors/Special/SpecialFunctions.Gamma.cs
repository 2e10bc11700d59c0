using static Reparam.Tensors.PortableMath;

namespace Reparam.Tensors.Special;

/// <summary>
/// Special functions of <see langword="double"/>s with the same bits on every machine (see <see cref="PortableMath"/>).
/// The stated errors are relative unless stated otherwise. They hold where the function is well conditioned; near a
/// zero of the function they are absolute. NaN gives NaN.
/// </summary>
public static partial class SpecialFunctions
{
    /// <summary>From here on the asymptotic series of the gamma and related functions are exact to the last
    /// place.</summary>
    internal const double Asymptotic = 10;

    internal const double HalfLogTwoPi = 0.9189385332046727;

    /// <summary>
    /// log |Gamma(x)|: +infinity at 0 and the negative integers and at both infinities. Error 1e-15, also near the
    /// zeros 1 and 2; near the zeros on the negative axis the error is absolute. d/dx is <see cref="Digamma"/>.
    /// </summary>
    /// <remarks>Taylor's series about 2 (DLMF 5.7.3), the recurrence that leads to it, Stirling's series above 10 (DLMF
    /// 5.11.1), reflection below 0 (DLMF 5.5.3).</remarks>
    public static double LogGamma(double x)
    {
        if (double.IsNaN(x)) return x;
        if (double.IsInfinity(x)) return double.PositiveInfinity;
        if (x <= 0)
        {
            if (x == Math.Floor(x)) return double.PositiveInfinity;
            // The distance to the nearest integer is exact, so the sine keeps its relative accuracy near a pole.
            double sine = Math.Abs(Sin(Math.PI * (x - Math.Round(x))));
            return Log(Math.PI / sine) - LogGamma(1 - x);
        }

        if (x >= Asymptotic)
            return x > 1e300 ? x * (Log(x) - 1) : (x - 0.5) * Log(x) - x + HalfLogTwoPi + StirlingCorrection(x);
        if (x < 0.5) return LogGammaAboutTwo(x) - LogP1(x) - Log(x);
        if (x < 1.5) return LogGammaAboutTwo(x - 1) - LogP1(x - 1);
        double product = 1;
        while (x > 2.5) product *= --x;
        return LogGammaAboutTwo(x - 2) + Log(product);
    }

    /// <summary>
    /// log (x)_d = log Gamma(x + d) - log Gamma(x), the logarithm of Pochhammer's symbol, for x > 0 and d >= 0. Nothing
    /// cancels if x is large, as in the constant of Student's t with many degrees of freedom, or if d is small. The
    /// error is 1e-15 times the largest of the result, d and, for d above 1, log Gamma(x). NaN outside the domain. d/dx
    /// is psi(x + d) - psi(x), d/dd is psi(x + d).
    /// </summary>
    /// <remarks>
    /// The difference of two Stirling series (DLMF 5.11.1), with the large parts combined in one logarithm, and the
    /// recurrence.
    /// </remarks>
    public static double LogPochhammer(double x, double d)
    {
        if (!(x > 0 && d >= 0)) return double.NaN;
        if (x < Asymptotic && d > 1) return LogGamma(x + d) - LogGamma(x);
        // The recurrence (x)_d = (x + 1)_d x / (x + d), as one product minus 1.
        double product = 0;
        for (; x < Asymptotic; x++) product += d / x * (1 + product);
        double u = d / x, middle = x + 0.5 * d;
        // x log1p(u) - d = -x (u - log1p(u)).
        double correction = d < 1e-4 ? d * (0.5 / middle - LogMinusDigamma(middle))
            : StirlingCorrection(x + d) - StirlingCorrection(x);
        return d * Log(x) + (d - 0.5) * LogP1(u) - x * LogP1Residual(u) + correction - LogP1(product);
    }

    /// <summary>
    /// log Gamma(y) - log Gamma(x) - (y - x) psi(x), the Bregman divergence of log Gamma, for x, y > 0: never negative,
    /// 0 at y = x, with a relative error of 1e-13. The KL divergences of gamma and beta variables are sums of such
    /// terms. NaN outside the domain. d/dx is -(y - x) psi'(x), d/dy is psi(y) - psi(x).
    /// </summary>
    public static double LogGammaDivergence(double x, double y) => LogGammaDivergence(x, y, y - x);

    /// <summary>The same divergence with h = y - x as an argument. If h is small, computing it from the rounded y would
    /// lose digits.</summary>
    /// <remarks>
    /// One step of the recurrence adds u - log(1 + u) with u = h / x, the divergence of -log x, which is positive. From
    /// 10 on, the divergence of every part of Stirling's series (DLMF 5.11.1) is computed separately.
    /// </remarks>
    internal static double LogGammaDivergence(double x, double y, double h)
    {
        if (!(x > 0 && y > 0) || double.IsInfinity(x) || double.IsInfinity(y)) return double.NaN;
        double sum = 0;
        for (; x < Asymptotic || y < Asymptotic; x++, y++) sum += LogRatioResidual(x, y, h);
        double u = h / x, residual = LogRatioResidual(x, y, h);
        // The term x log x - x contributes y log(y / x) - h, -log(x) / 2 contributes half of the residual, and 1 / (12
        // x) contributes the quotient.
        double power = Math.Abs(u) <= 0.5 ? x * (u * LogP1(u) - residual) : y * Log(y / x) - h;
        return sum + power + 0.5 * residual + u * u / (12 * y) + StirlingRest(x, y, u);

        // u - log(1 + u), u = h / x.
        static double LogRatioResidual(double x, double y, double h)
        {
            double u = h / x;
            return Math.Abs(u) <= 0.5 ? LogP1Residual(u) : u - Log(y / x);
        }

        // The divergence of Stirling's correction after its first term. For x^-n the divergence is x^-n ((1 + u)^-n - 1
        // + n u).
        static double StirlingRest(double x, double y, double u)
        {
            double z = 1 / (x * x), sum = 0, power = z / x, ratio = x / y, risen = ratio * ratio * ratio;
            ReadOnlySpan<double> c = [-1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360, 1.0 / 156];
            for (int k = 0, n = 3; k < c.Length; k++, n += 2, power *= z, risen *= ratio * ratio)
            {
                double series = 0.5 * n * (n + 1) * u * u * (1 - (n + 2) * u / 3 * (1 - (n + 3) * u / 4));
                sum += c[k] * power * (Math.Abs(u) < 1e-3 ? series : risen - 1 + n * u);
            }

            return sum;
        }
    }

    /// <summary>
    /// a + log Gamma(a) + (1 - a) psi(a), the entropy of a standard gamma variable of shape a > 0, which grows like
    /// log(a) / 2. The error is 1e-15 times its terms; for large shapes nothing cancels. NaN outside the domain,
    /// infinity at infinity. d/da is <see cref="GammaEntropySlope"/>.
    /// </summary>
    public static double GammaEntropy(double a)
    {
        if (!(a > 0)) return double.NaN;
        if (a < Asymptotic) return a + LogGamma(a) + (1 - a) * Digamma(a);
        return double.IsInfinity(a) ? a
            : 0.5 * Log(a) + HalfLogTwoPi + StirlingCorrection(a) + (a - 1) * LogMinusDigamma(a);
    }

    /// <summary>
    /// 1 + (1 - a) psi'(a), the derivative of <see cref="GammaEntropy"/>, without cancellation for large shapes.
    /// </summary>
    public static double GammaEntropySlope(double a)
    {
        if (!(a > 0)) return double.NaN;
        return a < Asymptotic ? 1 + (1 - a) * Trigamma(a) : 1 / a - (a - 1) * TrigammaMinusReciprocal(a);
    }

    /// <summary>
    /// log B(a, b) = log Gamma(a) + log Gamma(b) - log Gamma(a + b) for a, b > 0, without cancellation between large
    /// logarithms. The absolute error is 1e-15 times the largest of 1, |log B| and log Gamma of the smaller argument.
    /// +infinity at 0, -infinity at infinity; NaN for arguments below 0. d/da is Digamma(a) - Digamma(a + b).
    /// </summary>
    /// <remarks>After DiDonato and Morris (1992), "Algorithm 708", with <see cref="LogPochhammer"/>.</remarks>
    public static double LogBeta(double a, double b)
    {
        if (!(a >= 0 && b >= 0)) return double.NaN;
        (double p, double q) = a <= b ? (a, b) : (b, a);
        if (p == 0) return double.PositiveInfinity;
        if (double.IsInfinity(q)) return double.NegativeInfinity;
        if (p < Asymptotic) return LogGamma(p) - LogPochhammer(q, p);
        double ratio = p / q;
        // (p / (p + q))^p (q / (p + q))^q by Stirling's series; every term except the constant is negative.
        return (p - 0.5) * Log(ratio / (1 + ratio)) - q * LogP1(ratio) - 0.5 * Log(q) + HalfLogTwoPi
            + (StirlingCorrection(p) + (StirlingCorrection(q) - StirlingCorrection(p + q)));
    }

    /// <summary>log Gamma(1 + z) for z in [0, 1], with a small relative error near 0.</summary>
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

    /// <summary>log Gamma(2 + z) for |z| at most 1/2: z (1 - gamma) + the sum of (zeta(k) - 1) (-z)^k / k from k =
    /// 2.</summary>
    private static double LogGammaAboutTwo(double z)
    {
        ReadOnlySpan<double> c =
        [
            0.42278433509846713, 0.3224670334241132, -0.0673523010531981, 0.020580808427784546, -0.007385551028673986,
            0.0028905103307415234,
            -0.001192753911703261, 0.0005096695247430425, -0.00022315475845357939, 9.945751278180853e-05,
            -4.492623673813314e-05,
            2.050721277567069e-05, -9.439488275268397e-06, 4.374866789907488e-06, -2.039215753801366e-06,
            9.55141213040742e-07,
            -4.492469198764566e-07, 2.1207184805554665e-07, -1.0043224823968099e-07, 4.7698101693639804e-08,
            -2.2711094608943164e-08,
            1.0838659214896955e-08, -5.183475041970047e-09, 2.4836745438024785e-09, -1.1921401405860912e-09,
            5.731367241678862e-10,
        ];
        double p = 0;
        for (int k = c.Length - 1; k >= 0; k--) p = Math.FusedMultiplyAdd(p, z, c[k]);
        return p * z;
    }
}
