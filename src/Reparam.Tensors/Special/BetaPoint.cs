using static Reparam.Tensors.PortableMath;
using static Reparam.Tensors.Special.SpecialFunctions;

namespace Reparam.Tensors.Special;

/// <summary>
/// A beta distribution and a point x of at most 1/2; I_x(a, b) = 1 - I_(1 - x)(b, a) (DLMF 8.17.4) maps every point to
/// this range. Computes both tails and their derivatives with respect to both shapes: by series if b x is at most 3/2
/// (<see cref="BetaSeries"/>), else by quadrature (<see cref="BetaTail"/>).
/// </summary>
internal readonly struct BetaPoint
{
    private BetaPoint(double a, double b, double x, bool swapped)
    {
        (A, B, X, Swapped) = (a, b, x, swapped);
        // (a + b) x - a, corrected for every rounding error except the last. The exponent for large shapes is a
        // multiple of it, so its error matters.
        double p = a * x, q = b * x, sum = p + q, part = sum - p;
        double lost = (p - (sum - part)) + (q - part) + Math.FusedMultiplyAdd(
            a, x, -p) + Math.FusedMultiplyAdd(b, x, -q);
        Excess = (sum - a) + lost;
    }

    public double A { get; }

    public double B { get; }

    public double X { get; }

    /// <summary>b x - a (1 - x) = (a + b) (x - the mean).</summary>
    public double Excess { get; }

    /// <summary>Whether the requested point is 1 - x, for the variable with the shapes exchanged.</summary>
    public bool Swapped { get; }

    private bool ServedBySeries => B * X <= BetaSeries.Limit;

    /// <summary>The point x with complement y, for x and y inside (0, 1]. The smaller of x and y is used, because it is
    /// more accurate.</summary>
    public static BetaPoint Of(double a, double b, double x, double y) => x <= y ? new(a, b, x, false)
        : new(b, a, y, true);

    /// <summary>log of x^a (1 - x)^b / B(a, b), the density of log(x / (1 - x)).</summary>
    public double LogKernel()
    {
        if (A < Asymptotic || B < Asymptotic) return A * Log(X) + B * LogP1(-X) - LogBeta(A, B);
        double n = A + B;
        // Stirling's series. The powers are the exponential of minus a divergence, whose two terms are both positive.
        double divergence = A * Divergence(Excess / A, X * (n / A)) + B * Divergence(-Excess / B, (1 - X) * (n / B));
        return 0.5 * Log(A * (B / n)) - HalfLogTwoPi
            - (StirlingCorrection(A) + StirlingCorrection(B) - StirlingCorrection(n)) - divergence;
    }

    /// <summary>log I and log(1 - I): one of them is computed directly, the other as its complement.</summary>
    public (double Lower, double Upper) LogTails()
    {
        bool lower = ServedBySeries || Excess < 0;
        double log = ServedBySeries ? BetaSeries.Of(A, B, X).LogMass(A, B, X)
            : LogKernel() + Log(BetaTail.Of(this, lower).Mass);
        // Rounding must not raise a probability above 1.
        log = Math.Min(log, 0);
        return lower != Swapped ? (log, LogOfComplement(log)) : (LogOfComplement(log), log);
    }

    /// <summary>|dI/da| (or |dI/db|), divided by the exponential of <see cref="LogKernel"/>.</summary>
    public double Moment(bool byFirst)
    {
        byFirst ^= Swapped;
        if (ServedBySeries)
            return byFirst ? BetaSeries.Of(A, B, X).MomentA(A, B, X) : BetaSeries.Of(A, B, X).MomentB(A, B, X);
        // psi(a) - psi(a + b), the mean of log t, minus log x; or the same for 1 - t. The sign tells in which tail the
        // weight does not change sign.
        double weight = byFirst ? MeanAbove(A, B, Excess / A, Log(X)) : MeanAbove(B, A, -Excess / B, LogP1(-X));
        bool lower = byFirst == weight >= 0;
        BetaTail tail = BetaTail.Of(this, lower);
        return Math.Abs(weight) * tail.Mass + (byFirst ? tail.Steps - tail.Logs : tail.Logs);
    }

    /// <summary>psi(a) - psi(a + b) - log x, for x = (1 + u) a / (a + b).</summary>
    private static double MeanAbove(double a, double b, double u, double logX) => a >= Asymptotic && Math.Abs(u) <= 0.5
        ? LogMinusDigamma(a + b) - LogMinusDigamma(a) - LogP1(u)
        : -DigammaDifference(a, b) - logX;

    /// <summary>u - log(1 + u), where <paramref name="ratio"/> is 1 + u.</summary>
    private static double Divergence(double u, double ratio) => Math.Abs(u) <= 0.5 ? LogP1Residual(u) : u - Log(ratio);
}
