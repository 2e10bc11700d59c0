using static Reparam.Tensors.PortableMath;

namespace Reparam.Tensors.Special;

/// <summary>
/// Integrals over e^-h(t), h(t) = k (cos x - cos t), from an angle x in [0, pi] on: to pi, or to where h = 39. By 40 Gauss nodes, which serve every
/// concentration k >= 0, since what is left of the range is a few widths of the integrand.
/// </summary>
internal readonly struct VonMisesArc
{
    private const double Reach = 39;

    private VonMisesArc(double mass, double fall) => (Mass, Fall) = (mass, fall);

    /// <summary>The integral of e^-h.</summary>
    public double Mass { get; }

    /// <summary>The integral of (cos x - cos t) e^-h.</summary>
    public double Fall { get; }

    /// <summary>From x outwards.</summary>
    public static VonMisesArc Beyond(double k, double x)
    {
        double start = Sin(0.5 * x), sine = start * start + 0.5 * Reach / k;
        // pi in two parts: an angle may be as close to it as its double.
        return Of(k, x, sine < 1 ? 2 * Atan(Math.Sqrt(sine / (1 - sine))) - x : Math.PI - x + 1.2246467991473532e-16);
    }

    /// <summary>From 0 to x.</summary>
    public static VonMisesArc Within(double k, double x) => Of(k, 0, x);

    private static VonMisesArc Of(double k, double x, double length)
    {
        double half = 0.5 * length, mass = 0, fall = 0;
        ReadOnlySpan<double> nodes = GaussLegendre.Nodes, weights = GaussLegendre.Weights;
        for (int i = 0; i < nodes.Length; i++)
        {
            double near = Drop(x, half * (1 - nodes[i])), far = Drop(x, half * (1 + nodes[i]));
            double e = weights[i] * Exp(-k * near), f = weights[i] * Exp(-k * far);
            mass += e + f;
            fall += near * e + far * f;
        }

        return new VonMisesArc(half * mass, half * fall);
    }

    /// <summary>cos x - cos(x + d), without cancellation.</summary>
    private static double Drop(double x, double d) => 2 * Sin(x + 0.5 * d) * Sin(0.5 * d);
}
