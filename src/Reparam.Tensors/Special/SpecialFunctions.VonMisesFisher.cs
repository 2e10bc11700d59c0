using static Reparam.Tensors.PortableMath;

namespace Reparam.Tensors.Special;

public static partial class SpecialFunctions
{
    /// <summary>
    /// The density of the angle x in [0, pi] between a von Mises-Fisher variable on the unit sphere of d dimensions and
    /// its mean direction: proportional to e^(k cos x) sin^(d - 2) x, for a dimension d >= 2 and a concentration k >=
    /// 0; 0 outside that interval, NaN for other d and k. Error 1e-13, and 1e-16 d for large d.
    /// </summary>
    public static double VonMisesFisherDensity(double dimension, double concentration, double x)
    {
        if (!IsVonMisesFisher(dimension, concentration, x)) return double.NaN;
        if (x < 0 || x > Math.PI) return 0;
        var arc = new SphereArc(dimension, concentration);
        return x is 0 or Math.PI && dimension > 2 ? 0 : Exp(arc.LogDensity(x)) / arc.Whole;
    }

    /// <summary>The CDF of the angle between a von Mises-Fisher variable and its mean direction: the integral of
    /// <see cref="VonMisesFisherDensity"/> from 0 to x. 0 below and 1 above [0, pi]. Error 1e-13 plus 1e-15 times |log
    /// F|, also in the lower tail.</summary>
    /// <remarks>Gauss quadrature of both the tail and the constant (see <see cref="SphereArc"/>).</remarks>
    public static double VonMisesFisherCdf(double dimension, double concentration, double x)
    {
        if (!IsVonMisesFisher(dimension, concentration, x)) return double.NaN;
        if (x <= 0) return 0;
        if (x >= Math.PI) return 1;
        var arc = new SphereArc(dimension, concentration);
        bool upper = x > arc.Mode;
        double tail = Exp(arc.LogDensity(x)) * arc.Tail(x, upper).Mass / arc.Whole;
        if (!upper) return tail;
        // A little above the mode the lower part is the smaller one if the sphere has few dimensions.
        return tail < 0.9 ? 1 - tail : Exp(arc.LogDensity(x)) * arc.Tail(x, upper: false).Mass / arc.Whole;
    }

    /// <summary>
    /// dx/dk of the angle x in [0, pi] between a von Mises-Fisher variable and its mean direction, at a fixed
    /// probability: the implicit reparameterization gradient -(dF/dk) / p(x) of Figurnov, Mohamed and Mnih (2018). It
    /// is negative, because a larger concentration moves the variable towards the mean direction; 0 at both ends, NaN
    /// outside. Error 1e-12.
    /// </summary>
    /// <remarks>In -dF/dk the density has the weight A - cos t, where A is its mean cosine. The weight changes sign at
    /// one angle. The integral is over the side of x that does not contain this angle, so nothing cancels.</remarks>
    public static double VonMisesFisherPathwise(double dimension, double concentration, double x)
    {
        if (!IsVonMisesFisher(dimension, concentration, x) || x < 0 || x > Math.PI) return double.NaN;
        if (x is 0 or Math.PI) return 0;
        var arc = new SphereArc(dimension, concentration);
        double sine = Sin(0.5 * x), height = 2 * sine * sine;
        bool upper = height >= arc.MeanHeight;
        (double mass, double fall) = arc.Tail(x, upper);
        double moment = fall + (height - arc.MeanHeight) * mass;
        return upper ? -moment : moment;
    }

    /// <summary>
    /// The angle x in [0, pi] with F(x) = p, where F is <see cref="VonMisesFisherCdf"/>, for p in [0, 1]; NaN outside
    /// the domain. Error 1e-12. dx/dp is the reciprocal of <see cref="VonMisesFisherDensity"/>, dx/dk is
    /// <see cref="VonMisesFisherPathwise"/>.
    /// </summary>
    /// <remarks>Halley's method on the logarithm of the smaller tail, in log tan(x / 2), within a bracket.</remarks>
    public static double VonMisesFisherQuantile(double dimension, double concentration, double p)
    {
        if (!IsVonMisesFisher(dimension, concentration, p) || p < 0 || p > 1) return double.NaN;
        if (p is 0 or 1) return p * Math.PI;
        var arc = new SphereArc(dimension, concentration);
        bool upper = p > 0.5;
        double target = Log(upper ? 1 - p : p) + Log(arc.Whole), sign = upper ? 1
            : -1, low = 0, high = double.PositiveInfinity;
        double y = Start(dimension, concentration, NormalQuantile(p));
        for (int step = 0; step < 200; step++)
        {
            double x = 2 * Atan(y), sine = Sin(x), mass = arc.Tail(x, upper).Mass;
            double excess = arc.LogDensity(x) + Log(mass) - target, hazard = sine / mass;
            double change = excess / hazard,
                curvature = 0.5 * change * (hazard + sign * (arc.Slope(x) * sine + Cos(x)));
            if (excess * sign > 0) low = y;
            else high = y;
            if (curvature > -0.5) change /= 1 + curvature;
            double next = y * Exp(sign * change);
            // The remaining error is of the order of the cube of the step.
            if (Math.Abs(change) * (1 + hazard) < 1e-5) return Math.Min(2 * Atan(next), Math.PI);
            // Far from the solution a step may leave the bracket.
            if (!(next > low && next < high))
                next = low == 0 ? 0.25 * high : double.IsInfinity(high) ? 4 * low : Math.Sqrt(low) * Math.Sqrt(high);
            if (next == y) break;
            y = next;
        }

        return 2 * Atan(y);
    }

    /// <summary>An initial value of tan(x / 2): the quantile for a normal log tan(x / 2) whose width follows from the
    /// curvature of the log-density at the mode.</summary>
    private static double Start(double dimension, double concentration, double z)
    {
        // In s = log tan(x / 2), ds = dx / sin x, the exponent is k cos x + (d - 1) log sin x. It is largest where k
        // sin^2 = (d - 1) cos, and its second derivative there is -sin^2 (2 k cos + d - 1).
        double power = dimension - 1, root = power + Math.Sqrt(power * power + 4 * concentration * concentration);
        double cosine = 2 * concentration / root, square = 2 * power / root;
        double deviation = 1 / Math.Sqrt(square * (2 * concentration * cosine + power));
        return Math.Sqrt(square) / (1 + cosine) * Exp(Math.Clamp(z * deviation, -40, 40));
    }

    private static bool IsVonMisesFisher(double dimension, double concentration, double x) =>
        dimension is >= 2 and < double.PositiveInfinity && concentration is >= 0 and < double.PositiveInfinity
            && !double.IsNaN(x);
}
