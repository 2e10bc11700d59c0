using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>exp and log minus their linear parts, in double.</summary>
internal static class Residuals
{
    /// <summary>e^s - 1 - s, with a small relative error.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L ExpM1<L>(L s) where L : struct, ILanes<L> =>
        L.Select(L.Less(L.Of(0.5), Bits.Abs(s)), Exponential.ExpM1(s) - s, ExpM1Series(s));

    /// <summary>e^s - 1 - s for |s| up to 1/2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L ExpM1Series<L>(L s) where L : struct, ILanes<L>
    {
        L p = L.Fma(L.Of(4.779477332387385e-14), s, L.Of(7.647163731819816e-13));
        p = L.Fma(p, s, L.Of(1.1470745597729725e-11));
        p = L.Fma(p, s, L.Of(1.6059043836821613e-10));
        p = L.Fma(p, s, L.Of(2.08767569878681e-09));
        p = L.Fma(p, s, L.Of(2.505210838544172e-08));
        p = L.Fma(p, s, L.Of(2.755731922398589e-07));
        p = L.Fma(p, s, L.Of(2.7557319223985893e-06));
        p = L.Fma(p, s, L.Of(2.48015873015873e-05));
        p = L.Fma(p, s, L.Of(0.0001984126984126984));
        p = L.Fma(p, s, L.Of(0.001388888888888889));
        p = L.Fma(p, s, L.Of(0.008333333333333333));
        p = L.Fma(p, s, L.Of(0.041666666666666664));
        p = L.Fma(p, s, L.Of(0.16666666666666666));
        p = L.Fma(p, s, L.Of(0.5));
        return p * s * s;
    }

    /// <summary>u - log(1 + u) for |u| up to 1/2, with a small relative error.</summary>
    /// <remarks>With r = u / (2 + u), log(1 + u) is 2 artanh r and u - 2 r is u r.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L LogP1Series<L>(L u) where L : struct, ILanes<L>
    {
        L r = u / (L.Of(2) + u);
        L z = r * r;
        L p = L.Fma(L.Of(1.0 / 37), z, L.Of(1.0 / 35));
        p = L.Fma(p, z, L.Of(1.0 / 33));
        p = L.Fma(p, z, L.Of(1.0 / 31));
        p = L.Fma(p, z, L.Of(1.0 / 29));
        p = L.Fma(p, z, L.Of(1.0 / 27));
        p = L.Fma(p, z, L.Of(1.0 / 25));
        p = L.Fma(p, z, L.Of(1.0 / 23));
        p = L.Fma(p, z, L.Of(1.0 / 21));
        p = L.Fma(p, z, L.Of(1.0 / 19));
        p = L.Fma(p, z, L.Of(1.0 / 17));
        p = L.Fma(p, z, L.Of(1.0 / 15));
        p = L.Fma(p, z, L.Of(1.0 / 13));
        p = L.Fma(p, z, L.Of(1.0 / 11));
        p = L.Fma(p, z, L.Of(1.0 / 9));
        p = L.Fma(p, z, L.Of(1.0 / 7));
        p = L.Fma(p, z, L.Of(1.0 / 5));
        p = L.Fma(p, z, L.Of(1.0 / 3));
        return r * u - L.Of(2) * r * z * p;
    }
}
