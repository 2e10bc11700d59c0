using static Reparam.Tensors.PortableMath;

namespace Reparam.Tensors.Special;

public static partial class SpecialFunctions
{
    /// <summary>
    /// I_x(a, b) = B(x; a, b) / B(a, b) (DLMF 8.17.2): the CDF at x in [0, 1] of a beta variable of shapes a, b > 0. Error 1e-13 plus 2e-15 times |log I|: deep in the
    /// tail use <see cref="LogRegularizedBeta"/>. NaN outside the domain. d/dx is <see cref="BetaDensity"/>, d/da <see cref="RegularizedBetaByA"/>, d/db
    /// <see cref="RegularizedBetaByB"/>.
    /// </summary>
    public static double RegularizedBeta(double a, double b, double x) => Exp(LogBetaTails(a, b, x).Lower);

    /// <summary>1 - I_x(a, b), the survival function, with the accuracy of <see cref="RegularizedBeta"/> relative to itself.</summary>
    public static double RegularizedBetaComplement(double a, double b, double x) => Exp(LogBetaTails(a, b, x).Upper);

    /// <summary>log I_x(a, b), also where I underflows or is 1 to the last place. Error 1e-13.</summary>
    public static double LogRegularizedBeta(double a, double b, double x) => LogBetaTails(a, b, x).Lower;

    /// <summary>log(1 - I_x(a, b)), also where it underflows or I does. Error 1e-13.</summary>
    public static double LogRegularizedBetaComplement(double a, double b, double x) => LogBetaTails(a, b, x).Upper;

    /// <summary>The density x^(a - 1) (1 - x)^(b - 1) / B(a, b) of a beta variable, for a, b > 0 and x in [0, 1]; NaN elsewhere.</summary>
    public static double BetaDensity(double a, double b, double x)
    {
        if (!IsBeta(a, b, x)) return double.NaN;
        if (x == 0) return AtEnd(a, b);
        return x == 1 ? AtEnd(b, a) : Exp(BetaPoint.Of(a, b, x, 1 - x).LogKernel() - Log(x) - LogP1(-x));

        // x^(a - 1) / B(a, b) at 0; 1 / B(1, b) is b.
        static double AtEnd(double a, double b) => a < 1 ? double.PositiveInfinity : a == 1 ? b : 0;
    }

    /// <summary>dI_x(a, b)/da, negative: minus <see cref="BetaDensity"/> times <see cref="BetaPathwiseA"/>, without their overflows. 0 at both ends. Error 1e-12 where I is above 1e-300.</summary>
    public static double RegularizedBetaByA(double a, double b, double x) => -BetaByShape(a, b, x, byFirst: true, pathwise: false);

    /// <summary>dI_x(a, b)/db, positive: minus <see cref="BetaDensity"/> times <see cref="BetaPathwiseB"/>, without their overflows. 0 at both ends.</summary>
    public static double RegularizedBetaByB(double a, double b, double x) => BetaByShape(a, b, x, byFirst: false, pathwise: false);

    /// <summary>
    /// dx/da of a beta variable x at a fixed probability I_x(a, b): the implicit reparameterization gradient -(dI/da) / p(x) of Figurnov, Mohamed and Mnih (2018), for
    /// a, b > 0 and x in [0, 1]. Positive; 0 at both ends, NaN outside. Error 1e-12.
    /// </summary>
    /// <remarks>The integral of a positive function: the density cancels (see <see cref="BetaTail"/>).</remarks>
    public static double BetaPathwiseA(double a, double b, double x) => BetaByShape(a, b, x, byFirst: true, pathwise: true);

    /// <summary>dx/db of a beta variable x at a fixed probability: minus <see cref="BetaPathwiseA"/> of (b, a, 1 - x). Negative.</summary>
    public static double BetaPathwiseB(double a, double b, double x) => -BetaByShape(a, b, x, byFirst: false, pathwise: true);

    /// <summary>log(a B(a, b)), accurate relative to itself as a falls to 0, where it is of the order of a.</summary>
    internal static double LogABeta(double a, double b)
    {
        if (a > 1) return Log(a) + LogBeta(a, b);
        // log Gamma(a + b) - log Gamma(b): the recurrence up to 10, as one product less 1; then the difference of Stirling's series as in LogPochhammer.
        double product = 0, x = b;
        for (; x < Asymptotic; x++) product += a / x * (1 + product);
        double u = a / x, middle = x + 0.5 * a;
        double correction = a < 1e-4 ? a * (0.5 / middle - LogMinusDigamma(middle)) : StirlingCorrection(x + a) - StirlingCorrection(x);
        return LogGammaP1(a) - (a * Log(x) + (a - 0.5) * LogP1(u) - x * LogP1Residual(u) + correction) + LogP1(product);
    }

    private static bool IsBeta(double a, double b, double x) => a > 0 && b > 0 && a < double.PositiveInfinity && b < double.PositiveInfinity && x is >= 0 and <= 1;

    private static (double Lower, double Upper) LogBetaTails(double a, double b, double x)
    {
        if (!IsBeta(a, b, x)) return (double.NaN, double.NaN);
        if (x == 0) return (double.NegativeInfinity, 0);
        return x == 1 ? (0, double.NegativeInfinity) : BetaPoint.Of(a, b, x, 1 - x).LogTails();
    }

    private static double BetaByShape(double a, double b, double x, bool byFirst, bool pathwise)
    {
        if (!IsBeta(a, b, x)) return double.NaN;
        if (x is 0 or 1) return 0;
        BetaPoint point = BetaPoint.Of(a, b, x, 1 - x);
        return point.Moment(byFirst) * (pathwise ? x * (1 - x) : Exp(point.LogKernel()));
    }
}
