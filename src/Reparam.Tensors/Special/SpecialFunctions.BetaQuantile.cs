using static Reparam.Tensors.PortableMath;

namespace Reparam.Tensors.Special;

public static partial class SpecialFunctions
{
    /// <summary>
    /// The x with I_x(a, b) = p, the quantile of a beta variable of shapes a, b > 0, for p in [0, 1]; NaN outside the
    /// domain. The error is 1e-13 relative to x. x may underflow to 0 for small a. It may round to 1 for small b, where
    /// the mass is closer to 1 than any double below 1. dx/dp is the reciprocal of <see cref="BetaDensity"/>, dx/da is
    /// <see cref="BetaPathwiseA"/>, dx/db is <see cref="BetaPathwiseB"/>.
    /// </summary>
    public static double BetaQuantile(double a, double b, double p)
    {
        if (!IsBeta(a, b, p)) return double.NaN;
        if (p is 0 or 1) return p;
        // Uses the smaller tail; 1 - p is exact for p of at least 1/2.
        return p <= 0.5 ? LowerBetaQuantile(a, b, Log(p)).X : LowerBetaQuantile(b, a, Log(1 - p)).Y;
    }

    /// <summary>
    /// 1 minus <see cref="BetaQuantile"/>, with a small relative error also where the quantile rounds to 1.
    /// </summary>
    public static double BetaQuantileComplement(double a, double b, double p)
    {
        if (!IsBeta(a, b, p)) return double.NaN;
        if (p is 0 or 1) return 1 - p;
        return p <= 0.5 ? LowerBetaQuantile(a, b, Log(p)).Y : LowerBetaQuantile(b, a, Log(1 - p)).X;
    }

    /// <summary>Halley's method on log I as a function of log(x / y), y = 1 - x. The function is concave, so Newton
    /// steps from the left of the solution stay on the left. For log p of at most -log 2.</summary>
    private static (double X, double Y) LowerBetaQuantile(double a, double b, double logP)
    {
        // I < (x / y)^a / (a B) gives a lower bound of the quantile; for tiny x the two sides are equal.
        double low = (logP + LogABeta(a, b)) / a;
        if (low < -600) return (Exp(low), 1);
        // The same inequality for the other tail gives an upper bound. It is close to the quantile if b is small and
        // most of the mass is near 1.
        double high = -(LogOfComplement(logP) + LogABeta(b, a)) / b;
        double start = b < 1 && high > 3 ? high
            : Digamma(a) - Digamma(b) + NormalQuantileOfLog(logP) * Math.Sqrt(Trigamma(a) + Trigamma(b));
        start = Math.Min(Math.Max(low, start), 600);
        double x = 1 / (1 + Exp(-start)), y = 1 / (1 + Exp(start));
        for (int step = 0; step < 100; step++)
        {
            BetaPoint point = BetaPoint.Of(a, b, x, y);
            double tail = point.LogTails().Lower;
            if (start == 600 && step == 0 && tail < logP) return (1, Exp(-high));
            double hazard = Exp(point.LogKernel() - tail), change = (logP - tail) / hazard;
            double curvature = 0.5 * change * ((point.Swapped ? point.Excess : -point.Excess) - hazard);
            // A curvature of at most -1/2 occurs far from the solution, where it is misleading. There the step stays a
            // Newton step, which does not cross the solution from the left.
            if (curvature > -0.5) change /= 1 + curvature;
            change = Math.Max(change, low - Log(x / y));
            if (Math.Abs(change) > 1)
            {
                double logit = Log(x / y) + change;
                (x, y) = (1 / (1 + Exp(-logit)), 1 / (1 + Exp(logit)));
            }
            else
            {
                // Multiplies x / y by exp(change). The smaller of x and y is the accurate one.
                double scale = 1 + x * ExpM1(change);
                (x, y) = (x * Exp(change) / scale, y / scale);
            }

            (x, y) = x <= y ? (x, 1 - x) : (1 - y, y);
            // The remaining error is of the order of the cube of the step.
            if (Math.Abs(change) * (1 + hazard) < 1e-5) break;
        }

        return (x, y);
    }
}
