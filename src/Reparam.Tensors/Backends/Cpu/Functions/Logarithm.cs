using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>
/// log and log1p: x = 2^k m with m in [sqrt(1/2), sqrt(2)), f = m - 1, s = f / (2 + f), and
/// log m = 2 atanh s = f - s (f - R), R = 2 (s^2/3 + s^4/5 + ...). With f^2/2 split off, the leading terms are exact.
/// </summary>
internal static class Logarithm
{
    // ln 2 rounded to a number with trailing zero bits, so that k times it is exact, and the remainder.
    private const double Ln2HighSingle = 0.693138122558593750;
    private const double Ln2LowSingle = 9.0580013512e-06;
    private const double Ln2HighDouble = 6.93147180369123816490e-01;
    private const double Ln2LowDouble = 1.90821492927058770002e-10;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Log<L>(L x) where L : struct, ILanes<L>
    {
        // Denormals are scaled into the normal range first.
        L tiny = L.Less(x, L.Of(L.IsSingle ? 1.17549435e-38 : 2.2250738585072014e-308));
        L scaled = L.Select(tiny, x * L.Of(L.IsSingle ? 8388608.0 : 4503599627370496.0), x);
        L shift = tiny & L.Of(L.IsSingle ? 23 : 52);
        L result = Reduced(scaled, shift, L.Zero);
        return Specials(x, L.Zero, result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L LogP1<L>(L x) where L : struct, ILanes<L>
    {
        // u = 1 + x is rounded. The rounding error is x - (u - 1) for small x and 1 - (u - x) for large x; the result
        // is corrected by error / u.
        L one = L.Of(1);
        L u = one + x;
        L lost = L.Select(L.Less(x, one), x - (u - one), one - (u - x));
        L result = Reduced(u, L.Zero, lost / u);
        result = Specials(x, L.Of(-1), result);
        return L.Select(L.Less(Bits.Abs(x), L.Of(L.IsSingle ? 1e-8 : 1e-17)), x, result);
    }

    /// <summary>log1p for 0 &lt;= x &lt;= 1, where no scaling is needed: 2 atanh s with s = x / (2 + x) &lt;= 1/3, its
    /// series cut where the next term is below a fifth of an ulp. NaN passes through.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L LogP1OfUnit<L>(L x) where L : struct, ILanes<L>
    {
        L s = x / (L.Of(2) + x);
        L z = s * s;
        L r;
        if (L.IsSingle)
        {
            r = L.Fma(L.Of(1.0 / 15), z, L.Of(1.0 / 13));
        }
        else
        {
            r = L.Fma(L.Of(1.0 / 33), z, L.Of(1.0 / 31));
            r = L.Fma(r, z, L.Of(1.0 / 29));
            r = L.Fma(r, z, L.Of(1.0 / 27));
            r = L.Fma(r, z, L.Of(1.0 / 25));
            r = L.Fma(r, z, L.Of(1.0 / 23));
            r = L.Fma(r, z, L.Of(1.0 / 21));
            r = L.Fma(r, z, L.Of(1.0 / 19));
            r = L.Fma(r, z, L.Of(1.0 / 17));
            r = L.Fma(r, z, L.Of(1.0 / 15));
            r = L.Fma(r, z, L.Of(1.0 / 13));
        }

        r = L.Fma(r, z, L.Of(1.0 / 11));
        r = L.Fma(r, z, L.Of(1.0 / 9));
        r = L.Fma(r, z, L.Of(1.0 / 7));
        r = L.Fma(r, z, L.Of(1.0 / 5));
        r = L.Fma(r, z, L.Of(1.0 / 3));
        L twice = s + s;
        return L.Fma(twice * z, r, twice);
    }

    /// <summary>-infinity at the pole, NaN below it, infinity at infinity, NaN for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Specials<L>(L x, L pole, L result) where L : struct, ILanes<L>
    {
        L infinity = L.Of(double.PositiveInfinity);
        L outside = L.Select(L.Less(x, pole), L.Of(double.NaN), x);
        outside = L.Select(L.Equal(x, pole), L.Of(double.NegativeInfinity), outside);
        return L.Select(L.Less(pole, x) & L.Less(x, infinity), result, outside);
    }

    /// <summary>log x - shift * ln 2 + correction, for normal positive x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Reduced<L>(L x, L shift, L correction) where L : struct, ILanes<L>
    {
        // Adding (bits of 1 - bits of sqrt(1/2)) carries into the exponent exactly when the mantissa is at least
        // sqrt(2).
        ulong root = L.IsSingle ? 0x3F3504F3UL : 0x3FE6A09E667F3BCDUL;
        ulong unit = L.IsSingle ? 0x3F800000UL : 0x3FF0000000000000UL;
        ulong mantissa = L.IsSingle ? 0x007FFFFFUL : 0x000FFFFFFFFFFFFFUL;
        L bits = L.AddBits(x, L.OfBits(unit - root));

        // The exponent as a number: put in the low mantissa bits of 2^23 (2^52), which is then subtracted again.
        L exponent = L.ShiftRight(bits, L.IsSingle ? 23 : 52) | L.OfBits(
            L.IsSingle ? 0x4B000000UL : 0x4330000000000000UL);
        L k = exponent - L.Of(L.IsSingle ? 8388608.0 + 127 : 4503599627370496.0 + 1023) - shift;
        L f = L.AddBits(bits & L.OfBits(mantissa), L.OfBits(root)) - L.Of(1);

        L s = f / (L.Of(2) + f);
        L z = s * s;
        L r;
        if (L.IsSingle)
        {
            r = L.Fma(L.Of(2.0 / 9), z, L.Of(2.0 / 7));
        }
        else
        {
            r = L.Fma(L.Of(2.0 / 21), z, L.Of(2.0 / 19));
            r = L.Fma(r, z, L.Of(2.0 / 17));
            r = L.Fma(r, z, L.Of(2.0 / 15));
            r = L.Fma(r, z, L.Of(2.0 / 13));
            r = L.Fma(r, z, L.Of(2.0 / 11));
            r = L.Fma(r, z, L.Of(2.0 / 9));
            r = L.Fma(r, z, L.Of(2.0 / 7));
        }

        r = L.Fma(r, z, L.Of(2.0 / 5));
        r = L.Fma(r, z, L.Of(2.0 / 3)) * z;
        L halfSquare = L.Of(0.5) * f * f;
        L low = L.Fma(k, L.Of(L.IsSingle ? Ln2LowSingle : Ln2LowDouble), correction);
        L small = L.Fma(s, halfSquare + r, low);
        return L.Fma(k, L.Of(L.IsSingle ? Ln2HighSingle : Ln2HighDouble), f - (halfSquare - small));
    }
}
