using System.Runtime.CompilerServices;
using Reparam.Tensors.Backends.Cpu;
using static Reparam.Tensors.PortableMath;

namespace Reparam.Tensors.Special;

/// <summary>
/// Integrals of e^-h(t), h(t) = k (cos x - cos t), from an angle x in [0, pi] to pi, or to the point where h = 39. The
/// 40 Gauss nodes are sufficient for every concentration k >= 0, because the interval then has only a few widths of the
/// integrand.
/// </summary>
internal readonly struct VonMisesArc
{
    private const double Reach = 39;

    private VonMisesArc(double mass, double fall) => (Mass, Fall) = (mass, fall);

    /// <summary>The integral of e^-h.</summary>
    public double Mass { get; }

    /// <summary>The integral of (cos x - cos t) e^-h.</summary>
    public double Fall { get; }

    /// <summary>The integrals from x towards pi.</summary>
    public static VonMisesArc Beyond(double k, double x)
    {
        double start = Sin(0.5 * x), sine = start * start + 0.5 * Reach / k;
        // pi in two parts, because an angle may be as close to pi as the double nearest to pi.
        return Of(k, x, sine < 1 ? 2 * Atan(Math.Sqrt(sine / (1 - sine))) - x : Math.PI - x + 1.2246467991473532e-16);
    }

    /// <summary>The integrals from 0 to x.</summary>
    public static VonMisesArc Within(double k, double x) => Of(k, 0, x);

    private static VonMisesArc Of(double k, double x, double length)
    {
        (double mass, double fall, _) = PeakIntegral.Of(new Peak(k, x), length);
        return new VonMisesArc(mass, fall);
    }

    /// <summary>cos x - cos(x + d), without cancellation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static L Drop<L>(double x, L d)
        where L : struct, ILanes<L>
    {
        L half = L.Of(0.5) * d;
        return L.Of(2) * Trigonometric.Sin(L.Of(x) + half) * Trigonometric.Sin(half);
    }

    private readonly struct Peak(double k, double x) : IPeak
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L At<L>(L d, out L first, out L second)
            where L : struct, ILanes<L>
        {
            (first, second) = (Drop(x, d), L.Zero);
            return L.Of(-k) * first;
        }
    }
}
