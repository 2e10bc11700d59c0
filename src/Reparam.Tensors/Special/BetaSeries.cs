using static Reparam.Tensors.PortableMath;
using static Reparam.Tensors.Special.SpecialFunctions;

namespace Reparam.Tensors.Special;

/// <summary>
/// The lower tail of a beta distribution for x of at most 1/2 and b x of at most 3/2, by a B(a, b) I = x^a (1 + a W),
/// with W = the sum over n >= 1 of (1 - b)_n x^n / (n! (a + n)) (DLMF 8.17.7). The terms alternate only where b x makes
/// them small, so the alternation costs at most one digit. 1 - I keeps its accuracy for every small a.
/// </summary>
internal readonly struct BetaSeries
{
    public const double Limit = 1.5;

    private readonly double _w, _minusAByA, _byB;

    private BetaSeries(double w, double minusAByA, double byB) => (_w, _minusAByA, _byB) = (w, minusAByA, byB);

    public static BetaSeries Of(double a, double b, double x)
    {
        double term = 1, slope = 0, w = 0, minusAByA = 0, byB = 0;
        for (int n = 1; n <= 80; n++)
        {
            double step = x / n, reciprocal = 1 / (a + n);
            slope = (slope * (n - b) - term) * step;
            term *= (n - b) * step;
            w += term * reciprocal;
            byB += slope * reciprocal;
            minusAByA += term * n * reciprocal * reciprocal;
            if (Math.Abs(term) + Math.Abs(slope) < 1e-18 * x) break;
        }

        return new BetaSeries(w, minusAByA, byB);
    }

    /// <summary>log I.</summary>
    public double LogMass(double a, double b, double x) => a * Log(x) - LogABeta(a, b) + LogP1(a * _w);

    /// <summary>-dI/da, divided by x^a (1 - x)^b / B(a, b).</summary>
    public double MomentA(double a, double b, double x)
    {
        double digammas = b <= 1 ? DigammaDifference(a + b, 1 - b) : -DigammaDifference(a + 1, b - 1);
        return ((1 + a * _w) * (digammas - Log(x)) - _minusAByA) / a * Exp(-b * LogP1(-x));
    }

    /// <summary>dI/db, divided by x^a (1 - x)^b / B(a, b).</summary>
    public double MomentB(double a, double b, double x) =>
        ((1 + a * _w) * (DigammaDifference(b, a) / a) + _byB) * Exp(-b * LogP1(-x));
}
