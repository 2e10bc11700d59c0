using static Reparam.Tensors.PortableMath;

namespace Reparam.Tensors.Special;

public static partial class SpecialFunctions
{
    /// <summary>
    /// The x with I_x(a, b) = p, the quantile of a beta variable of shapes a, b > 0, for p in [0, 1]; NaN outside the
    /// domain. Error 1e-13 relative to x. x may underflow to 0 for small a and round to 1 for small b, where the mass
    /// is closer to 1 than any double below it. dx/dp is the reciprocal of <see cref="BetaDensity"/>, dx/da is
    /// <see cref="BetaPathwiseA"/>, dx/db <see cref="BetaPathwiseB"/>.
    /// </summary>
    public static double BetaQuantile(double a, double b, double p)
    {
        if (!IsBeta(a, b, p)) return double.NaN;
        if (p is 0 or 1) return p;
        // The smaller tail; 1 - p is exact where p is at least 1/2.
        return p <= 0.5 ? LowerBetaQuantile(a, b, Log(p)).X : LowerBetaQuantile(b, a, Log(1 - p)).Y;
    }

    /// <summary>
    /// 1 less <see cref="BetaQuantile"/>, accurate relative to itself where the quantile rounds to 1.
    /// </summary>
    public static double BetaQuantileComplement(double a, double b, double p)
    {
        if (!IsBeta(a, b, p)) return double.NaN;
        if (p is 0 or 1) return 1 - p;
        return p <= 0.5 ? LowerBetaQuantile(a, b, Log(p)).Y : LowerBetaQuantile(b, a, Log(1 - p)).X;
    }

    /// <summary>Halley's method on log I as a function of log(x / y), y = 1 - x: it is concave, so that steps from the
    /// left stay there. For log p at most -log 2.</summary>
    private static (double X, double Y) LowerBetaQuantile(double a, double b, double logP)
    {
        // I < (x / y)^a / (a B) bounds the quantile from below, and is I where x is tiny.
        double low = (logP + LogABeta(a, b)) / a;
        if (low < -600) return (Exp(low), 1);
        // The same of the other tail bounds it from above, and is near it where a small b leaves most of the mass
        // beside 1.
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
            // Far away the curvature misleads, and Newton's step stays on its side.
            if (curvature > -0.5) change /= 1 + curvature;
            change = Math.Max(change, low - Log(x / y));
            if (Math.Abs(change) > 1)
            {
                double logit = Log(x / y) + change;
                (x, y) = (1 / (1 + Exp(-logit)), 1 / (1 + Exp(logit)));
            }
            else
            {
                // x / y grows by exp(change); the smaller of the two carries the digits.
                double scale = 1 + x * ExpM1(change);
                (x, y) = (x * Exp(change) / scale, y / scale);
            }

            (x, y) = x <= y ? (x, 1 - x) : (1 - y, y);
            // What is left is of the order of the cube.
            if (Math.Abs(change) * (1 + hazard) < 1e-5) break;
        }

        return (x, y);
    }
}
