using Reparam.Tensors.Backends.Cpu;
using D = Reparam.Tensors.Backends.Cpu.Lanes128<double>;

namespace Reparam.Tensors;

/// <summary>
/// Elementary functions of one <see langword="double"/> with the same bits on every machine: <see cref="Math"/> calls
/// the C library of the platform, and the last digits differ between platforms. Relative errors are a few units in the
/// last place unless stated otherwise. NaN gives NaN.
/// </summary>
public static class PortableMath
{
    /// <summary>e^x.</summary>
    public static double Exp(double x) => D.First(Exponential.Exp(D.Of(x)));

    /// <summary>e^x - 1, accurate near 0.</summary>
    public static double ExpM1(double x) => D.First(Exponential.ExpM1(D.Of(x)));

    /// <summary>The natural logarithm; -infinity at 0, NaN for x below 0.</summary>
    public static double Log(double x) => D.First(Logarithm.Log(D.Of(x)));

    /// <summary>ln(1 + x), accurate near 0; -infinity at -1, NaN for x below -1.</summary>
    public static double LogP1(double x) => D.First(Logarithm.LogP1(D.Of(x)));

    /// <summary>The hyperbolic tangent.</summary>
    public static double Tanh(double x) => D.First(Logistic.Tanh(D.Of(x)));

    /// <summary>The sine of x radians; accurate for |x| up to about 1e9.</summary>
    public static double Sin(double x) => D.First(Trigonometric.Sin(D.Of(x)));

    /// <summary>The cosine of x radians; accurate for |x| up to about 1e9.</summary>
    public static double Cos(double x) => D.First(Trigonometric.Cos(D.Of(x)));

    /// <summary>The inverse tangent, in [-pi/2, pi/2]. It is odd, and +-pi/2 at +-infinity. Relative error
    /// 5e-16.</summary>
    /// <remarks>The formula for differences of angles (DLMF 4.24.15) reduces the argument to at most tan(pi/8). There,
    /// a polynomial fitted at Chebyshev points has an error below 2e-18.</remarks>
    public static double Atan(double x)
    {
        double y = Math.Abs(x), t = y, turn = 0, rest = 0;
        // pi/2 and pi/4, each as a double and the remainder that the double lacks.
        if (y > 2.414213562373095) (t, turn, rest) = (-1 / y, 1.5707963267948966, 6.123233995736766e-17);
        else if (y > 0.41421356237309503)
            (t, turn, rest) = ((y - 1) / (y + 1), 0.7853981633974483, 3.061616997868383e-17);
        double z = t * t, p = 0.016284375050043393;
        p = Math.FusedMultiplyAdd(p, z, -0.03456931506332609);
        p = Math.FusedMultiplyAdd(p, z, 0.045515447340221615);
        p = Math.FusedMultiplyAdd(p, z, -0.05230443640686948);
        p = Math.FusedMultiplyAdd(p, z, 0.05878927554473807);
        p = Math.FusedMultiplyAdd(p, z, -0.0666642476020052);
        p = Math.FusedMultiplyAdd(p, z, 0.07692296368042296);
        p = Math.FusedMultiplyAdd(p, z, -0.09090908753259112);
        p = Math.FusedMultiplyAdd(p, z, 0.11111111105150588);
        p = Math.FusedMultiplyAdd(p, z, -0.14285714285659779);
        p = Math.FusedMultiplyAdd(p, z, 0.19999999999999804);
        p = Math.FusedMultiplyAdd(p, z, -0.3333333333333333);
        return Math.CopySign(turn + (t + (t * z * p + rest)), x);
    }

    /// <summary>The error function, 2/sqrt(pi) times the integral of exp(-t^2) from 0 to x.</summary>
    public static double Erf(double x) => D.First(ErrorFunction.Erf(D.Of(x)));

    /// <summary>1 - erf(x), with a small relative error for large x.</summary>
    public static double Erfc(double x) => D.First(ErrorFunction.Erfc(D.Of(x)));

    /// <summary>e^(-x^2 / 2), with a small relative error for all x.</summary>
    internal static double Gaussian(double x) => D.First(ErrorFunction.Gaussian(D.Of(x)));

    /// <summary>The standard normal CDF.</summary>
    internal static double NormalCdf(double x) => D.First(ErrorFunction.NormalCdf(D.Of(x)));

    /// <summary>x^y, as in IEEE 754: 1 where y is 0 or x is 1, NaN for a negative x and a y that is not an integer. For
    /// an integer y of at most 64 in magnitude, x^y is a product of factors x. Otherwise it is exp(y ln |x|), negative
    /// if x is negative and y is odd; the relative error grows as 2^-53 |y ln |x||.</summary>
    public static double Pow(double x, double y)
    {
        bool isWhole = y == Math.Truncate(y);
        if (Math.Abs(y) <= 64 && isWhole)
        {
            double power = 1;
            for (int bit = 64; bit > 0; bit >>= 1)
            {
                power *= power;
                if (((int)Math.Abs(y) & bit) != 0) power *= x;
            }

            return y < 0 ? 1 / power : power;
        }

        if (x < 0 && double.IsFinite(x) && !isWhole) return double.NaN;
        double magnitude = Math.Abs(x);
        double root = magnitude == 1 ? 1 : y == 0.5 ? Math.Sqrt(magnitude) : Exp(y * Log(magnitude));
        // Every double from 2^53 on is an even integer.
        return double.IsNegative(x) && Math.Abs(y % 2) == 1 ? -root : root;
    }

    /// <summary>
    /// The inverse of the standard normal CDF: the z with Phi(z) = p, for p in [0, 1]. The relative error is about
    /// 1e-14 in the tails, the absolute error about 1e-15 near p = 1/2.
    /// </summary>
    /// <remarks>An initial value within 5e-4 (Abramowitz and Stegun 1964, 26.2.23), then Halley steps with the CDF,
    /// which is accurate in the tail.</remarks>
    public static double NormalQuantile(double p)
    {
        if (double.IsNaN(p) || p < 0 || p > 1) return double.NaN;
        if (p == 0) return double.NegativeInfinity;
        if (p == 1) return double.PositiveInfinity;
        if (p == 0.5) return 0;
        // 1 - p is exact for p >= 1/2, so the upper half is the lower half mirrored.
        if (p > 0.5) return -NormalQuantile(1 - p);
        double t = Math.Sqrt(-2 * Log(p));
        double z =
            (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
        for (int step = 0; step < 3; step++)
        {
            // Newton's step u = (Phi(z) - p) / phi(z); Halley's curvature term makes it cubic.
            double density = 0.3989422804014327 * D.First(ErrorFunction.Gaussian(D.Of(z)));
            if (density == 0) break;
            double u = (D.First(ErrorFunction.NormalCdf(D.Of(z))) - p) / density;
            z -= u / (1 + 0.5 * z * u);
        }

        return z;
    }
}
