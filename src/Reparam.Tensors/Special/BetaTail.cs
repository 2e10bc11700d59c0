using System.Runtime.CompilerServices;
using Reparam.Tensors.Backends.Cpu;
using static Reparam.Tensors.PortableMath;
using static Reparam.Tensors.Special.SpecialFunctions;

namespace Reparam.Tensors.Special;

/// <summary>
/// One tail of a beta distribution and its derivatives with respect to the shapes, as integrals of positive functions,
/// so that nothing cancels.
/// </summary>
/// <remarks>
/// <para>With t / (1 - t) = x / (1 - x) e^-s the lower tail is I = K M, where K = x^a (1 - x)^b / B(a, b), M = the
/// integral over s > 0 of e^-h(s), h(s) = (a (1 - x) - b x) s + (a + b) (l + x s) and l = log(1 + x (e^-s - 1)). The
/// upper tail is its mirror image, with -s in place of s. In the derivatives with respect to a and b, t has the weight
/// log t or log(1 - t) minus its mean. Both weights change sign once. On the side of x away from that sign change, they
/// are a constant of the point plus s - |l| and |l|. The implicit derivative of a draw is x (1 - x) times the weighted
/// integral: the density cancels.</para>
/// <para>e^-h is log-concave and analytic within a distance of pi from the real axis. It is integrated up to the point
/// where h = 39 with 40 Gauss nodes, as in <see cref="GammaTail"/>. For x of at most 1/2 and b x above 3/2 the error of
/// the rule is below 1e-14 for every pair of shapes.</para>
/// </remarks>
internal readonly struct BetaTail
{
    private const double Reach = 39;

    private BetaTail(double mass, double steps, double logs) => (Mass, Steps, Logs) = (mass, steps, logs);

    /// <summary>The integral of e^-h: the probability of the tail, divided by K.</summary>
    public double Mass { get; }

    /// <summary>The integral of s e^-h.</summary>
    public double Steps { get; }

    /// <summary>The integral of |l| e^-h.</summary>
    public double Logs { get; }

    /// <summary>The tail beyond a point with b x above 3/2. The point is on the same side of the mean as the tail, or
    /// close to the mean.</summary>
    public static BetaTail Of(in BetaPoint point, bool lower)
    {
        double sign = lower ? -1 : 1, slope = sign * point.Excess;
        var peak = new Peak(point.X, point.A + point.B, slope, sign);
        (double mass, double steps, double logs) = PeakIntegral.Of(peak, End(point, slope, sign));
        return new BetaTail(mass, steps, logs);
    }

    /// <summary>log(1 + x (e^s - 1)) - x s; <paramref name="log"/> is the logarithm alone.</summary>
    private static double Bend(double x, double s, out double log)
    {
        double residual = ExpM1Residual(s), u = x * (residual + s);
        if (Math.Abs(u) <= 0.5)
        {
            double rest = LogP1Residual(u);
            log = u - rest;
            return x * residual - rest;
        }

        log = LogP1(u);
        return log - x * s;
    }

    /// <summary>The point where h = 39, within 2, by Newton's method. It starts where the quadratic approximation of h
    /// is 39; h is convex.</summary>
    private static double End(in BetaPoint point, double slope, double sign)
    {
        double x = point.X, n = point.A + point.B, curvature = n * x * (1 - x);
        double s = 2 * Reach / (slope + Math.Sqrt(slope * slope + 2 * Reach * curvature));
        for (int step = 0; step < 60; step++)
        {
            double excess = slope * s + n * Bend(x, sign * s, out double log) - Reach;
            if (Math.Abs(excess) <= 2) break;
            s -= excess / (slope + curvature * sign * ExpM1(sign * s) / Exp(log));
        }

        return s;
    }

    private readonly struct Peak(double x, double n, double slope, double sign) : IPeak
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L At<L>(L s, out L first, out L second)
            where L : struct, ILanes<L>
        {
            L signed = L.Of(sign) * s, residual = Residuals.ExpM1(signed), u = L.Of(x) * (residual + signed);
            L small = L.LessOrEqual(Bits.Abs(u), L.Of(0.5)), rest = Residuals.LogP1Series(u);
            L log = L.Select(small, u - rest, Logarithm.LogP1(u));
            L bend = L.Select(small, L.Of(x) * residual - rest, log - L.Of(x) * signed);
            (first, second) = (s, Bits.Abs(log));
            return Bits.Negate(L.Of(slope) * s + L.Of(n) * bend);
        }
    }
}
