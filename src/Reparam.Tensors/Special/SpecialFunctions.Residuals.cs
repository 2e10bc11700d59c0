using static Reparam.Tensors.PortableMath;

namespace Reparam.Tensors.Special;

/// <summary>What exp and log leave when their straight part is taken away: the exponents of sharply peaked integrands are made of these.</summary>
public static partial class SpecialFunctions
{
    /// <summary>e^s - 1 - s, accurate relative to itself.</summary>
    internal static double ExpM1Residual(double s)
    {
        if (Math.Abs(s) > 0.5) return ExpM1(s) - s;
        double p = 4.779477332387385e-14;
        p = Math.FusedMultiplyAdd(p, s, 7.647163731819816e-13);
        p = Math.FusedMultiplyAdd(p, s, 1.1470745597729725e-11);
        p = Math.FusedMultiplyAdd(p, s, 1.6059043836821613e-10);
        p = Math.FusedMultiplyAdd(p, s, 2.08767569878681e-09);
        p = Math.FusedMultiplyAdd(p, s, 2.505210838544172e-08);
        p = Math.FusedMultiplyAdd(p, s, 2.755731922398589e-07);
        p = Math.FusedMultiplyAdd(p, s, 2.7557319223985893e-06);
        p = Math.FusedMultiplyAdd(p, s, 2.48015873015873e-05);
        p = Math.FusedMultiplyAdd(p, s, 0.0001984126984126984);
        p = Math.FusedMultiplyAdd(p, s, 0.001388888888888889);
        p = Math.FusedMultiplyAdd(p, s, 0.008333333333333333);
        p = Math.FusedMultiplyAdd(p, s, 0.041666666666666664);
        p = Math.FusedMultiplyAdd(p, s, 0.16666666666666666);
        p = Math.FusedMultiplyAdd(p, s, 0.5);
        return p * s * s;
    }

    /// <summary>u - log(1 + u) for u > -1, accurate relative to itself.</summary>
    /// <remarks>With r = u / (2 + u), log(1 + u) is 2 artanh r and u - 2 r is u r.</remarks>
    internal static double LogP1Residual(double u)
    {
        if (!(Math.Abs(u) <= 0.5)) return u - LogP1(u);
        double r = u / (2 + u), z = r * r, p = 0;
        for (int k = 37; k >= 3; k -= 2) p = Math.FusedMultiplyAdd(p, z, 1.0 / k);
        return r * u - 2 * r * z * p;
    }
}
