using System.Runtime.CompilerServices;
using Reparam.Tensors.Backends.Cpu;
using static Reparam.Tensors.PortableMath;

namespace Reparam.Tensors.Special;

/// <summary>
/// Integrals of e^(g(t) - g(x)), g(t) = k cos t + n log sin t, from an angle x in (0, pi) to an end of that interval,
/// or to the point where the integrand has fallen by 37 to 60 nats from its largest value. Up to a constant, g is the
/// log-density of the angle between a von Mises-Fisher variable in n + 2 dimensions and its mean direction. The rule
/// has 40 Gauss nodes for each side of the mode.
/// </summary>
internal readonly struct SphereArc
{
    /// <summary>Falls of g in nats. The integral beyond a fall of Reach is below the last place. Up to a fall of
    /// Enough, 40 nodes are sufficient.</summary>
    private const double Reach = 37, Enough = 60;

    private readonly double _power, _concentration;

    /// <summary>The integrals for dimension n + 2 and concentration k.</summary>
    public SphereArc(double dimension, double concentration)
    {
        (_power, _concentration) = (dimension - 2, concentration);
        // At the mode, k sin^2 = n cos.
        double root = _power + Math.Sqrt(_power * _power + 4 * concentration * concentration);
        Mode = root > 0 ? 2 * Atan(Math.Sqrt(2 * _power / root) / (1 + 2 * concentration / root)) : 0;
        (double inner, double innerFall) = Between(Mode, -Cut(Mode, Mode, -1));
        (double outer, double outerFall) = Between(Mode, Cut(Mode, Math.PI - Mode, 1));
        Whole = inner + outer;
        double sine = Sin(0.5 * Mode);
        MeanHeight = 2 * sine * sine + (innerFall + outerFall) / Whole;
    }

    /// <summary>The angle of largest density.</summary>
    public double Mode { get; }

    /// <summary>The integral over all angles, relative to the density at the mode.</summary>
    public double Whole { get; }

    /// <summary>E[1 - cos t].</summary>
    public double MeanHeight { get; }

    /// <summary>g(x) - g(mode), at most 0.</summary>
    public double LogDensity(double x) =>
        (_power == 0 ? 0 : _power * Log(Sin(x) / Sin(Mode))) - 2 * _concentration * Sin(0.5 * (x + Mode)) * Sin(
            0.5 * (x - Mode));

    /// <summary>dg/dx.</summary>
    public double Slope(double x) => (_power == 0 ? 0 : _power * Cos(x) / Sin(x)) - _concentration * Sin(x);

    /// <summary>The integral from x to pi (upper) or to 0, and the integral of (cos x - cos t) times the
    /// integrand.</summary>
    public (double Mass, double Fall) Tail(double x, bool upper)
    {
        double sign = upper ? 1 : -1;
        // If the mode lies in the interval, the integrand is largest there, and each side of the mode is integrated
        // separately.
        if ((Mode - x) * sign > 0)
        {
            (double mass, double fall) = Between(x, Mode - x);
            double reach = upper ? Math.PI - Mode : Mode, scale = Exp(-LogDensity(x)), sine = Sin(0.5 * (x + Mode)),
                drop = 2 * sine * Sin(0.5 * (Mode - x));
            (double rest, double restFall) = Between(Mode, sign * Cut(Mode, reach, sign));
            return (mass + scale * rest, fall + scale * (restFall + drop * rest));
        }

        return Between(x, sign * Cut(x, upper ? Math.PI - x : x, sign));
    }

    /// <summary>The length of the interval of integration from x, which is at or beyond the mode, in a direction in
    /// which g falls.</summary>
    private double Cut(double x, double whole, double sign)
    {
        double sine = Sin(x);
        // Tests close to the end, where the last node is, because at the end itself a sine may be 0.
        if (whole == 0 || -Rise(x, sign * whole * 0.999, sine) <= Enough) return whole;
        // Starts as if g were a parabola; then Newton's method within a bracket, until the fall is neither too small
        // nor too large.
        double slope = -sign * Slope(x),
            curvature = _concentration * Cos(x) + (_power == 0 ? 0 : _power / (sine * sine));
        double root = slope * slope + 2 * (Reach + 8) * curvature, low = 0, high = whole;
        double length = root > 0 ? 2 * (Reach + 8) / (slope + Math.Sqrt(root)) : 0.5 * whole;
        for (int step = 0; step < 60; step++)
        {
            if (!(length > low && length < high)) length = 0.5 * (low + high);
            double fall = -Rise(x, sign * length, sine);
            if (fall is >= Reach and <= Enough) return length;
            if (fall < Reach) low = length;
            else high = length;
            length += (Reach + 8 - fall) / (-sign * Slope(x + sign * length));
        }

        return 0.5 * (low + high);
    }

    /// <summary>The integrals from x over a signed length. The mass is positive for both signs.</summary>
    private (double Mass, double Fall) Between(double x, double length)
    {
        if (length == 0) return (0, 0);
        (double mass, double fall, _) = PeakIntegral.Of(new Peak(_power, _concentration, x, Sin(x)), length);
        return (mass, fall);
    }

    /// <summary>g(x + d) - g(x), without cancellation in its first term.</summary>
    private double Rise(double x, double d, double sine) =>
        (_power == 0 ? 0 : _power * Log(Sin(x + d) / sine)) - _concentration * Drop(x, d);

    /// <summary>cos x - cos(x + d).</summary>
    private static double Drop(double x, double d) => 2 * Sin(x + 0.5 * d) * Sin(0.5 * d);

    private readonly struct Peak(double power, double concentration, double x, double sine) : IPeak
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L At<L>(L d, out L first, out L second)
            where L : struct, ILanes<L>
        {
            (first, second) = (VonMisesArc.Drop(x, d), L.Zero);
            return (power == 0 ? L.Zero : L.Of(power) * LogRise(d)) - L.Of(concentration) * first;
        }

        // A separate call, because together with the two sines of Drop it exceeds what the compiler inlines into one
        // method.
        [MethodImpl(MethodImplOptions.NoInlining)]
        private L LogRise<L>(L d)
            where L : struct, ILanes<L> => Logarithm.Log(Trigonometric.Sin(L.Of(x) + d) / L.Of(sine));
    }
}
