using static Reparam.Tensors.PortableMath;

namespace Reparam.Tensors.Special;

public static partial class SpecialFunctions
{
    /// <summary>The density e^(k cos x) / (2 pi I_0(k)) of a von Mises variable of mean direction 0 and concentration k
    /// >= 0 at x in [-pi, pi]; 0 outside this interval, NaN for other k.</summary>
    public static double VonMisesDensity(double concentration, double x)
    {
        if (!IsVonMises(concentration, x)) return double.NaN;
        double sine = Sin(0.5 * x);
        return Math.Abs(x) > Math.PI ? 0
            : Exp(-2 * concentration * sine * sine) / (2 * VonMisesArc.Beyond(concentration, 0).Mass);
    }

    /// <summary>
    /// The CDF at x of a von Mises variable on [-pi, pi] of mean direction 0 and concentration k >= 0: the integral of
    /// <see cref="VonMisesDensity"/> from -pi to x. 0 below and 1 above that interval, 1/2 at 0, NaN for other k. Error
    /// 1e-14 plus 1e-15 times |log F|, also in the lower tail. d/dx is <see cref="VonMisesDensity"/>, d/dk is
    /// <see cref="VonMisesCdfByConcentration"/>.
    /// </summary>
    /// <remarks>Gauss quadrature of both the tail and the constant (see <see cref="VonMisesArc"/>).</remarks>
    public static double VonMisesCdf(double concentration, double x)
    {
        if (!IsVonMises(concentration, x)) return double.NaN;
        double angle = Math.Abs(x);
        double tail = angle >= Math.PI ? 0
            : VonMisesTail(concentration, angle, VonMisesArc.Beyond(concentration, 0).Mass, out _);
        return x < 0 ? tail : 1 - tail;
    }

    /// <summary>d/dk of <see cref="VonMisesCdf"/>: minus <see cref="VonMisesDensity"/> times
    /// <see cref="VonMisesPathwise"/>. It has the sign of x.</summary>
    public static double VonMisesCdfByConcentration(double concentration, double x) =>
        -VonMisesDensity(concentration, x) * VonMisesPathwise(concentration, x);

    /// <summary>
    /// dx/dk of a von Mises variable x in [-pi, pi] at a fixed probability: the implicit reparameterization gradient
    /// -(dF/dk) / p(x) of Figurnov, Mohamed and Mnih (2018). It has the sign of -x. It is 0 at 0, at both ends and
    /// outside the interval; NaN for k below 0. Error 1e-14.
    /// </summary>
    /// <remarks>
    /// In -dF/dk the density has the weight A - cos t, where A is its mean cosine. The weight changes sign at one angle
    /// on each side of 0. The integral is over the side of x that does not contain this angle, so nothing cancels, and
    /// the density at x cancels out.
    /// </remarks>
    public static double VonMisesPathwise(double concentration, double x)
    {
        if (!IsVonMises(concentration, x)) return double.NaN;
        double angle = Math.Abs(x);
        if (angle is 0 or >= Math.PI) return 0;
        VonMisesArc whole = VonMisesArc.Beyond(concentration, 0);
        // 1 - cos x and 1 - A.
        double sine = Sin(0.5 * angle), height = 2 * sine * sine, mean = whole.Fall / whole.Mass, moment;
        if (height >= mean)
        {
            VonMisesArc tail = VonMisesArc.Beyond(concentration, angle);
            moment = (height - mean) * tail.Mass + tail.Fall;
        }
        else
        {
            VonMisesArc inner = VonMisesArc.Within(concentration, angle);
            moment = (mean * inner.Mass - inner.Fall) * Exp(concentration * height);
        }

        return x < 0 ? moment : -moment;
    }

    /// <summary>
    /// The x in [-pi, pi] with F(x) = p, the quantile of a von Mises variable of mean direction 0 and concentration k
    /// >= 0, for p in [0, 1]; NaN outside the domain. Error 1e-13. dx/dp is the reciprocal of
    /// <see cref="VonMisesDensity"/>, dx/dk is <see cref="VonMisesPathwise"/>.
    /// </summary>
    public static double VonMisesQuantile(double concentration, double p)
    {
        if (!IsVonMises(concentration, p) || p < 0 || p > 1) return double.NaN;
        double tail = p <= 0.5 ? p : 1 - p;
        double angle = tail == 0 ? Math.PI : tail == 0.5 ? 0 : VonMisesAngle(concentration, tail);
        return p <= 0.5 ? -angle : angle;
    }

    private static bool IsVonMises(double concentration, double x) =>
        concentration is >= 0 and < double.PositiveInfinity && !double.IsNaN(x);

    /// <summary>The probability of angles beyond x in [0, pi], and the hazard, which is the density divided by this
    /// probability.</summary>
    private static double VonMisesTail(double concentration, double x, double whole, out double hazard)
    {
        double sine = Sin(0.5 * x), beyond = VonMisesArc.Beyond(concentration, x).Mass;
        hazard = 1 / beyond;
        return Exp(-2 * concentration * sine * sine) * beyond / (2 * whole);
    }

    /// <summary>Newton's method on the logarithm of the tail, within a bracket. A step that would leave the bracket is
    /// replaced by a bisection.</summary>
    private static double VonMisesAngle(double concentration, double tail)
    {
        double whole = VonMisesArc.Beyond(concentration, 0).Mass, low = 0, high = Math.PI, target = Log(tail);
        // For large k, 2 sin(x / 2) is nearly normal; for k = 0, x is uniform.
        double z = NormalQuantile(tail), square = 0.25 * z * z / (concentration + 1e-300);
        double x = square < 0.5 ? 2 * Atan(Math.Sqrt(square / (1 - square))) : Math.PI * (1 - 2 * tail);
        x = Math.Min(x, Math.PI * (1 - tail));
        for (int step = 0; step < 100; step++)
        {
            double change = (Log(VonMisesTail(concentration, x, whole, out double hazard)) - target) / hazard;
            // The remaining error is of the order of the square of the step.
            if (Math.Abs(change) * hazard < 1e-9) return Math.Min(x + change, Math.PI);
            if (change > 0) low = x;
            else high = x;
            double next = x + change;
            if (!(next > low && next < high)) next = 0.5 * (low + high);
            if (next == x) break;
            x = next;
        }

        return x;
    }
}
