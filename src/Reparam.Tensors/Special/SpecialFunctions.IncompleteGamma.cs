using static Reparam.Tensors.PortableMath;

namespace Reparam.Tensors.Special;

public static partial class SpecialFunctions
{
    /// <summary>
    /// P(a, x) = gamma(a, x) / Gamma(a) (DLMF 8.2.4): the CDF at x >= 0 of a standard gamma variable of shape a > 0. 0
    /// at x = 0, 1 at infinity, NaN outside the domain. Error 1e-14 plus 1e-15 times |log P|; far in the tail use
    /// <see cref="LogRegularizedGammaP"/>. d/dx is <see cref="GammaDensity"/>, d/da is
    /// <see cref="RegularizedGammaPByShape"/>.
    /// </summary>
    public static double RegularizedGammaP(double a, double x) => Exp(LogGammaTails(a, x).LogP);

    /// <summary>Q(a, x) = 1 - P(a, x), the survival function, with the same relative accuracy as
    /// <see cref="RegularizedGammaP"/>. 1 at x = 0, 0 at infinity.</summary>
    public static double RegularizedGammaQ(double a, double x) => Exp(LogGammaTails(a, x).LogQ);

    /// <summary>log P(a, x), also where P underflows or rounds to 1. Error 1e-14.</summary>
    public static double LogRegularizedGammaP(double a, double x) => LogGammaTails(a, x).LogP;

    /// <summary>log Q(a, x), also where Q underflows or rounds to 1. Error 1e-14.</summary>
    public static double LogRegularizedGammaQ(double a, double x) => LogGammaTails(a, x).LogQ;

    /// <summary>
    /// d log P(a, x)/dx, positive: the density divided by P, also where both underflow. Infinity at x = 0, 0 at
    /// infinity. Error 1e-13.
    /// </summary>
    public static double LogRegularizedGammaPByX(double a, double x) => LogGammaTailByX(a, x, lower: true);

    /// <summary>
    /// d log P(a, x)/da, negative, also where P underflows. -infinity at x = 0, 0 at infinity. Error 1e-13.
    /// </summary>
    public static double LogRegularizedGammaPByShape(double a, double x) => LogGammaTailByShape(a, x, lower: true);

    /// <summary>
    /// d log Q(a, x)/dx, negative: minus the density divided by Q, also where both underflow. -1 at infinity. Error
    /// 1e-13.
    /// </summary>
    public static double LogRegularizedGammaQByX(double a, double x) => LogGammaTailByX(a, x, lower: false);

    /// <summary>
    /// d log Q(a, x)/da, positive, also where Q underflows. 0 at x = 0, infinity at infinity. Error 1e-13.
    /// </summary>
    public static double LogRegularizedGammaQByShape(double a, double x) => LogGammaTailByShape(a, x, lower: false);

    /// <summary>The density x^(a - 1) e^-x / Gamma(a) of a standard gamma variable, for a > 0 and x >= 0; NaN
    /// elsewhere.</summary>
    public static double GammaDensity(double a, double x)
    {
        if (!(a > 0 && x >= 0)) return double.NaN;
        if (x == 0) return a < 1 ? double.PositiveInfinity : a == 1 ? 1 : 0;
        return double.IsInfinity(x) ? 0 : Exp(LogGammaKernel(a, x) - Log(x));
    }

    /// <summary>
    /// The logarithm of <see cref="GammaDensity"/>, also where the density underflows or overflows: (a - 1) log x - x -
    /// log Gamma(a); +infinity at x = 0 for a below 1. For large shapes the large parts are cancelled analytically, so
    /// the result is accurate near the mode. d/dx = (a - 1)/x - 1, d/da = log x - psi(a).
    /// </summary>
    public static double LogGammaDensity(double a, double x)
    {
        if (!(a > 0 && x >= 0)) return double.NaN;
        if (x == 0) return a < 1 ? double.PositiveInfinity : a == 1 ? 0 : double.NegativeInfinity;
        if (double.IsInfinity(x)) return double.NegativeInfinity;
        return a < Asymptotic ? (a - 1) * Log(x) - x - LogGamma(a) : LogGammaKernel(a, x) - Log(x);
    }

    /// <summary>
    /// log x - psi(a), the derivative of <see cref="LogGammaDensity"/> with respect to the shape. For large shapes, log
    /// x and the logarithm in psi(a) are computed as one logarithm.
    /// </summary>
    internal static double LogGammaDensityByShape(double a, double x) =>
        a >= Asymptotic && Math.Abs(x - a) <= 0.5 * a ? LogP1((x - a) / a) + LogMinusDigamma(a) : Log(x) - Digamma(a);

    /// <summary>
    /// dx/da of a standard gamma variable x of shape a at a fixed probability P(a, x): the implicit reparameterization
    /// gradient -(dP/da) / p(x; a) of Figurnov, Mohamed and Mnih (2018) and of Jankowiak and Obermeyer (2018), for a >
    /// 0 and x >= 0. Always positive; 0 at x = 0, infinity at infinity, NaN outside the domain. Error 1e-13, also for
    /// shapes of 1e8.
    /// </summary>
    /// <remarks>Computed as the integral of a positive function, in which the density cancels (see
    /// <see cref="GammaTail"/>).</remarks>
    public static double GammaPathwise(double a, double x)
    {
        if (!(a > 0 && x >= 0) || double.IsInfinity(a)) return double.NaN;
        return x == 0 || double.IsInfinity(x) ? x : x * GammaMoment(a, x);
    }

    /// <summary>dP(a, x)/da, negative: minus <see cref="GammaDensity"/> times <see cref="GammaPathwise"/>, without the
    /// overflow of either factor. 0 at x = 0 and at infinity.</summary>
    public static double RegularizedGammaPByShape(double a, double x)
    {
        if (!(a > 0 && x >= 0) || double.IsInfinity(a)) return double.NaN;
        return x == 0 || double.IsInfinity(x) ? 0 : -Exp(LogGammaKernel(a, x)) * GammaMoment(a, x);
    }

    /// <summary>The logarithm of x p(x) = x^a e^-x / Gamma(a), the density of log x, for finite a, x > 0.</summary>
    internal static double LogGammaKernel(double a, double x)
    {
        if (a < Asymptotic) return a * Log(x) - x - LogGamma(a);
        double u = (x - a) / a;
        // a (u - log(1 + u)). In this form the large parts of x^a, e^-x and Gamma are cancelled analytically, so it is
        // accurate near the mode.
        double deviance = Math.Abs(u) <= 0.5 ? a * LogP1Residual(u) : x - a - a * Log(x / a);
        return 0.5 * Log(a) - HalfLogTwoPi - StirlingCorrection(a) - deviance;
    }

    /// <summary>log(1 - e^x) for x of at most 0, with a small relative error at both ends.</summary>
    internal static double LogOfComplement(double x) => x > -0.6931471805599453 ? Log(-ExpM1(x)) : LogP1(-Exp(x));

    private static double LogGammaTailByX(double a, double x, bool lower)
    {
        if (!(a > 0 && x >= 0) || double.IsInfinity(a)) return double.NaN;
        if (x == 0) return lower ? double.PositiveInfinity : -GammaDensity(a, 0);
        if (double.IsInfinity(x)) return lower ? 0 : -1;
        (double logP, double logQ) = LogGammaTails(a, x);
        double logDensity = LogGammaKernel(a, x) - Log(x);
        return lower ? Exp(logDensity - logP) : -Exp(logDensity - logQ);
    }

    private static double LogGammaTailByShape(double a, double x, bool lower)
    {
        if (!(a > 0 && x >= 0) || double.IsInfinity(a)) return double.NaN;
        if (x == 0) return lower ? double.NegativeInfinity : 0;
        if (double.IsInfinity(x)) return lower ? 0 : double.PositiveInfinity;
        (double logP, double logQ) = LogGammaTails(a, x);
        double kernel = LogGammaKernel(a, x), moment = GammaMoment(a, x);
        return lower ? -Exp(kernel - logP) * moment : Exp(kernel - logQ) * moment;
    }

    /// <summary>log P and log Q: one of them is computed directly, the other as its complement.</summary>
    private static (double LogP, double LogQ) LogGammaTails(double a, double x)
    {
        if (!(a > 0 && x >= 0) || (double.IsInfinity(a) && double.IsInfinity(x))) return (double.NaN, double.NaN);
        if (x == 0 || double.IsInfinity(a)) return (double.NegativeInfinity, 0);
        if (double.IsInfinity(x)) return (0, double.NegativeInfinity);
        double log = LogGammaTail(a, x, x <= GammaSeries.Limit ? double.NaN : LogGammaKernel(a, x), out bool lower);
        return lower ? (log, LogOfComplement(log)) : (LogOfComplement(log), log);
    }

    /// <summary>
    /// log P or log Q, whichever is computed directly, for finite a, x > 0. <paramref name="kernel"/> is
    /// <see cref="LogGammaKernel"/> at the point; it is not used for x up to <see cref="GammaSeries.Limit"/>.
    /// </summary>
    private static double LogGammaTail(double a, double x, double kernel, out bool lower)
    {
        lower = x <= GammaSeries.Limit || x < a - 0.5;
        double log = x <= GammaSeries.Limit ? GammaSeries.LogP(a, x) : kernel + Log(GammaTail.Of(a, x, lower, 0).Mass);
        // Rounding must not raise a probability above 1.
        return Math.Min(log, 0);
    }

    /// <summary>-dP/da / (x p(x)).</summary>
    private static double GammaMoment(double a, double x)
    {
        if (x <= GammaSeries.Limit) return GammaSeries.Moment(a, x);
        // The sign of the weight tells in which tail the weight does not change sign.
        double weight = LogGammaDensityByShape(a, x);
        return GammaTail.Of(a, x, weight < 0, Math.Abs(weight)).Moment;
    }
}
