using System.Runtime.CompilerServices;
using Reparam.Tensors.Backends.Cpu;
using static Reparam.Tensors.Special.SpecialFunctions;

namespace Reparam.Tensors.Special;

/// <summary>
/// One tail of the standard gamma distribution and its derivative by the shape, both as integrals of a positive
/// function, so that nothing cancels.
/// </summary>
/// <remarks>
/// <para>With t = x e^-s the lower tail is P(a, x) = x p(x) I, I = the integral over s > 0 of e^-h(s), h(s) = (a - x) s
/// + x (e^-s - 1 + s). Its derivative by a weighs t with log t - psi(a), which changes sign at e^psi(a) alone: below
/// it, -dP/da = x p(x) J, J = the integral of (psi(a) - log x + s) e^-h(s). The upper tail is the mirror image, t = x
/// e^s, h(s) = (x - a) s + x (e^s - 1 - s) and the weight log x - psi(a) + s; both J give the same derivative, since
/// the mean of log t is psi(a). The implicit derivative dx/da of a draw (Figurnov, Mohamed and Mnih 2018) is therefore
/// x J, in which p has cancelled.</para>
/// <para>e^-h is log-concave and entire. It is integrated to where h = 39 by 40 Gauss nodes: with x >= 1/2 and the tail
/// on its own side of e^psi(a) the error of the rule is below 1e-15 for every shape, which replaces the usual patchwork
/// of fractions and uniform expansions (DLMF 8.9, 8.12). Below x = 1/2 see <see cref="GammaSeries"/>.</para>
/// </remarks>
internal readonly struct GammaTail
{
    private const double Reach = 39;

    private GammaTail(double mass, double moment) => (Mass, Moment) = (mass, moment);

    /// <summary>I: the tail's probability over x p(x).</summary>
    public double Mass { get; }

    /// <summary>J: -dP/da over x p(x), for a weight of at least 0 at x.</summary>
    public double Moment { get; }

    /// <summary>The tail of Gamma(a, 1) beyond x.</summary>
    /// <param name="a">The shape.</param>
    /// <param name="x">At least 1/2; at most about e^psi(a) for the lower tail, at least a - 1/2 for the upper
    /// one.</param>
    /// <param name="lower">Which tail.</param>
    /// <param name="weight">|log x - psi(a)|, the weight at x.</param>
    public static GammaTail Of(double a, double x, bool lower, double weight)
    {
        double slope = lower ? a - x : x - a, sign = lower ? -1 : 1;
        (double mass, double moment, _) = PeakIntegral.Of(new Peak(slope, x, sign, weight), End(slope, x, sign));
        return new GammaTail(mass, moment);
    }

    /// <summary>Where h = 39, within 2, by Newton's method from where its quadratic part is; h is convex.</summary>
    private static double End(double slope, double x, double sign)
    {
        double s = 2 * Reach / (slope + Math.Sqrt(slope * slope + 2 * Reach * x));
        for (int step = 0; step < 60; step++)
        {
            double residual = ExpM1Residual(sign * s), excess = slope * s + x * residual - Reach;
            if (Math.Abs(excess) <= 2) break;
            s -= excess / (slope + x * (s + sign * residual));
        }

        return s;
    }

    private readonly struct Peak(double slope, double x, double sign, double weight) : IPeak
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L At<L>(L s, out L first, out L second)
            where L : struct, ILanes<L>
        {
            (first, second) = (L.Of(weight) + s, L.Zero);
            return Bits.Negate(L.Of(slope) * s + L.Of(x) * Residuals.ExpM1(L.Of(sign) * s));
        }
    }
}
