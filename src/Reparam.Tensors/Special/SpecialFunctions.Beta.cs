using static Reparam.Tensors.PortableMath;

namespace Reparam.Tensors.Special;

public static partial class SpecialFunctions
{
    /// <summary>
    /// I_x(a, b) = B(x; a, b) / B(a, b) (DLMF 8.17.2): the CDF at x in [0, 1] of a beta variable of shapes a, b > 0.
    /// Error 1e-13 plus 2e-15 times |log I|; far in the tail use <see cref="LogRegularizedBeta"/>. NaN outside the
    /// domain. d/dx is <see cref="BetaDensity"/>, d/da is <see cref="RegularizedBetaByA"/>, d/db is
    /// <see cref="RegularizedBetaByB"/>.
    /// </summary>
    public static double RegularizedBeta(double a, double b, double x) => Exp(LogBetaTails(a, b, x).Lower);

    /// <summary>1 - I_x(a, b), the survival function, with the same relative accuracy as
    /// <see cref="RegularizedBeta"/>.</summary>
    public static double RegularizedBetaComplement(double a, double b, double x) => Exp(LogBetaTails(a, b, x).Upper);

    /// <summary>log I_x(a, b), also where I underflows or rounds to 1. Error 1e-13.</summary>
    public static double LogRegularizedBeta(double a, double b, double x) => LogBetaTails(a, b, x).Lower;

    /// <summary>log(1 - I_x(a, b)), also where 1 - I or I underflows. Error 1e-13.</summary>
    public static double LogRegularizedBetaComplement(double a, double b, double x) => LogBetaTails(a, b, x).Upper;

    /// <summary>
    /// d log I_x(a, b)/dx, positive: the density divided by I, also where both underflow. Infinity at x = 0. Error
    /// 1e-12.
    /// </summary>
    public static double LogRegularizedBetaByX(double a, double b, double x) => LogBetaTailByX(a, b, x, lower: true);

    /// <summary>
    /// d log I_x(a, b)/da, negative, also where I underflows. -infinity at x = 0, 0 at 1. Error 1e-12.
    /// </summary>
    public static double LogRegularizedBetaByA(double a, double b, double x) =>
        -LogBetaTailByShape(a, b, x, byFirst: true, lower: true);

    /// <summary>d log I_x(a, b)/db, positive, also where I underflows. 0 at x = 1. Error 1e-12.</summary>
    public static double LogRegularizedBetaByB(double a, double b, double x) =>
        LogBetaTailByShape(a, b, x, byFirst: false, lower: true);

    /// <summary>
    /// d log(1 - I_x(a, b))/dx, negative, also where 1 - I underflows. -infinity at x = 1. Error 1e-12.
    /// </summary>
    public static double LogRegularizedBetaComplementByX(double a, double b, double x) =>
        LogBetaTailByX(a, b, x, lower: false);

    /// <summary>d log(1 - I_x(a, b))/da, positive, also where 1 - I underflows. 0 at x = 0. Error 1e-12.</summary>
    public static double LogRegularizedBetaComplementByA(double a, double b, double x) =>
        LogBetaTailByShape(a, b, x, byFirst: true, lower: false);

    /// <summary>
    /// d log(1 - I_x(a, b))/db, negative, also where 1 - I underflows. 0 at x = 0, -infinity at 1. Error 1e-12.
    /// </summary>
    public static double LogRegularizedBetaComplementByB(double a, double b, double x) =>
        -LogBetaTailByShape(a, b, x, byFirst: false, lower: false);

    /// <summary>The density x^(a - 1) (1 - x)^(b - 1) / B(a, b) of a beta variable, for a, b > 0 and x in [0, 1]; NaN
    /// elsewhere.</summary>
    public static double BetaDensity(double a, double b, double x)
    {
        if (!IsBeta(a, b, x)) return double.NaN;
        if (x == 0) return AtEnd(a, b);
        return x == 1 ? AtEnd(b, a) : Exp(BetaPoint.Of(a, b, x, 1 - x).LogKernel() - Log(x) - LogP1(-x));

        // x^(a - 1) / B(a, b) at 0; 1 / B(1, b) is b.
        static double AtEnd(double a, double b) => a < 1 ? double.PositiveInfinity : a == 1 ? b : 0;
    }

    /// <summary>
    /// The logarithm of <see cref="BetaDensity"/>, also where the density underflows or overflows; infinite at an end
    /// where the density is infinite. For large shapes the large parts are cancelled analytically, so the result is
    /// accurate near the mode. d/dx = (a - 1)/x - (b - 1)/(1 - x), d/da = log x - psi(a) + psi(a + b), d/db = log(1 -
    /// x) - psi(b) + psi(a + b).
    /// </summary>
    public static double LogBetaDensity(double a, double b, double x)
    {
        if (!IsBeta(a, b, x)) return double.NaN;
        return x is 0 or 1 ? Log(BetaDensity(a, b, x)) : BetaPoint.Of(a, b, x, 1 - x).LogKernel() - Log(x) - LogP1(-x);
    }

    /// <summary>d/da of <see cref="LogBetaDensity"/>: log x minus its mean, psi(a) - psi(a + b).</summary>
    internal static double LogBetaDensityByA(double a, double b, double x) =>
        IsBeta(a, b, x) ? Log(x) + DigammaDifference(a, b) : double.NaN;

    /// <summary>d/db of <see cref="LogBetaDensity"/>: log(1 - x) minus its mean, psi(b) - psi(a + b).</summary>
    internal static double LogBetaDensityByB(double a, double b, double x) =>
        IsBeta(a, b, x) ? LogP1(-x) + DigammaDifference(b, a) : double.NaN;

    /// <summary>dI_x(a, b)/da, negative: minus <see cref="BetaDensity"/> times <see cref="BetaPathwiseA"/>, without the
    /// overflow of either factor. 0 at both ends. Error 1e-12 where I is above 1e-300.</summary>
    public static double RegularizedBetaByA(double a, double b, double x) =>
        -BetaByShape(a, b, x, byFirst: true, pathwise: false);

    /// <summary>dI_x(a, b)/db, positive: minus <see cref="BetaDensity"/> times <see cref="BetaPathwiseB"/>, without the
    /// overflow of either factor. 0 at both ends.</summary>
    public static double RegularizedBetaByB(double a, double b, double x) =>
        BetaByShape(a, b, x, byFirst: false, pathwise: false);

    /// <summary>
    /// dx/da of a beta variable x at a fixed probability I_x(a, b): the implicit reparameterization gradient -(dI/da) /
    /// p(x) of Figurnov, Mohamed and Mnih (2018), for a, b > 0 and x in [0, 1]. Positive; 0 at both ends, NaN outside
    /// [0, 1]. Error 1e-12.
    /// </summary>
    /// <remarks>Computed as the integral of a positive function, in which the density cancels (see
    /// <see cref="BetaTail"/>).</remarks>
    public static double BetaPathwiseA(double a, double b, double x) =>
        BetaByShape(a, b, x, byFirst: true, pathwise: true);

    /// <summary>dx/db of a beta variable x at a fixed probability: minus <see cref="BetaPathwiseA"/> of (b, a, 1 - x).
    /// Negative.</summary>
    public static double BetaPathwiseB(double a, double b, double x) =>
        -BetaByShape(a, b, x, byFirst: false, pathwise: true);

    /// <summary>log(a B(a, b)), with a small relative error also for a near 0, where the result is of the order of
    /// a.</summary>
    internal static double LogABeta(double a, double b)
    {
        if (a > 1) return Log(a) + LogBeta(a, b);
        return LogGammaP1(a) - LogPochhammer(b, a);
    }

    private static bool IsBeta(double a, double b, double x) =>
        a > 0 && b > 0 && a < double.PositiveInfinity && b < double.PositiveInfinity && x is >= 0 and <= 1;

    private static (double Lower, double Upper) LogBetaTails(double a, double b, double x)
    {
        if (!IsBeta(a, b, x)) return (double.NaN, double.NaN);
        if (x == 0) return (double.NegativeInfinity, 0);
        return x == 1 ? (0, double.NegativeInfinity) : BetaPoint.Of(a, b, x, 1 - x).LogTails();
    }

    private static double LogBetaTailByX(double a, double b, double x, bool lower)
    {
        if (!IsBeta(a, b, x)) return double.NaN;
        double sign = lower ? 1 : -1;
        if (x is 0 or 1) return x == (lower ? 0 : 1) ? sign * double.PositiveInfinity : sign * BetaDensity(a, b, x);
        BetaPoint point = BetaPoint.Of(a, b, x, 1 - x);
        (double low, double high) = point.LogTails();
        return sign * Exp(point.LogKernel() - Log(x) - LogP1(-x) - (lower ? low : high));
    }

    /// <summary>The absolute value of d/da or d/db of the logarithm of a tail.</summary>
    private static double LogBetaTailByShape(double a, double b, double x, bool byFirst, bool lower)
    {
        if (!IsBeta(a, b, x)) return double.NaN;
        if (x is 0 or 1)
        {
            // At its far end the tail is 1. At its near end it falls as a power of the distance, and the power depends
            // only on the shape of that end.
            bool vanishes = x == (lower ? 0 : 1);
            return vanishes && byFirst == lower ? double.PositiveInfinity : 0;
        }

        BetaPoint point = BetaPoint.Of(a, b, x, 1 - x);
        (double low, double high) = point.LogTails();
        return point.Moment(byFirst) * Exp(point.LogKernel() - (lower ? low : high));
    }

    private static double BetaByShape(double a, double b, double x, bool byFirst, bool pathwise)
    {
        if (!IsBeta(a, b, x)) return double.NaN;
        if (x is 0 or 1) return 0;
        BetaPoint point = BetaPoint.Of(a, b, x, 1 - x);
        return point.Moment(byFirst) * (pathwise ? x * (1 - x) : Exp(point.LogKernel()));
    }
}
