using static Reparam.Tensors.PortableMath;
using static Reparam.Tensors.Special.SpecialFunctions;

namespace Reparam.Tensors.Special;

/// <summary>The standard gamma distribution for x in [0, 1/2], where power series of about twelve terms are sufficient
/// for every shape.</summary>
internal static class GammaSeries
{
    public const double Limit = 0.5;

    /// <summary>log P(a, x). For a below 1 by 1 + a W = a x^-a gamma(a, x) (DLMF 8.7.1), which keeps the accuracy of 1
    /// - P. For larger a by a series of positive terms (DLMF 8.11.4).</summary>
    public static double LogP(double a, double x)
    {
        if (x == 0) return double.NegativeInfinity;
        if (a >= 1) return LogGammaKernel(a, x) - Log(a) + Log(Sum(a, x, out _));
        double w = 0, power = 1;
        for (int k = 1; k <= 16; k++)
        {
            power *= -x / k;
            w += power / (a + k);
        }

        return a * Log(x) - LogGammaP1(a) + LogP1(a * w);
    }

    /// <summary>-dP/da / (x p(x)) = (S (psi(a + 1) - log x) - dS/da) / a, with P = x p(x) S / a. Both terms are
    /// positive.</summary>
    public static double Moment(double a, double x)
    {
        double sum = Sum(a, x, out double falling);
        return (sum * (Digamma(a + 1) - Log(x)) + falling) / a;
    }

    /// <summary>S = the sum of x^n / ((a + 1) ... (a + n)), and -dS/da.</summary>
    private static double Sum(double a, double x, out double falling)
    {
        double term = 1, sum = 1, harmonic = 0;
        falling = 0;
        for (int n = 1; n <= 16; n++)
        {
            term *= x / (a + n);
            harmonic += 1 / (a + n);
            sum += term;
            falling += term * harmonic;
        }

        return sum;
    }
}
