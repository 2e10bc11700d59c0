using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>
/// sin and cos: x = j pi/2 + r with |r| &lt;= pi/4 (Cody and Waite's reduction with pi/2 in three pieces), Taylor
/// polynomials in r, and the quadrant from the low bits of j. Accurate for |x| up to about 1e5 (1e9 in Float64). For
/// larger |x| the accuracy decreases, and the result stays within [-1, 1].
/// </summary>
internal static class Trigonometric
{
    private const double HalfPi = 1.5707963267948966;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Sin<L>(L x) where L : struct, ILanes<L>
    {
        L r = Reduce(x, out L quadrant);
        // Tiny arguments are their own result; this keeps the sign of zero, which the reduction loses.
        return L.Select(L.Less(Bits.Abs(x), L.Of(L.IsSingle ? 1e-4 : 1e-8)), x, Turn(r, quadrant));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Cos<L>(L x) where L : struct, ILanes<L>
    {
        L r = Reduce(x, out L quadrant);
        return Turn(r, L.AddBits(quadrant, L.OfBits(1)));
    }

    /// <summary>cos(2 pi u) and sin(2 pi u) for u in [0, 1): the reduction 4u = j + f is exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L CosSinOfTurn<L>(L u, out L sin) where L : struct, ILanes<L>
    {
        L magic = L.Of(Bits.Magic<L>());
        L turns = u * L.Of(4);
        L quadrant = turns + magic;
        L r = (turns - (quadrant - magic)) * L.Of(HalfPi);
        L s = SinPolynomial(r), c = CosPolynomial(r);
        sin = Quadrant(s, c, quadrant);
        return Quadrant(s, c, L.AddBits(quadrant, L.OfBits(1)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Reduce<L>(L x, out L quadrant) where L : struct, ILanes<L>
    {
        L magic = L.Of(Bits.Magic<L>());
        quadrant = L.Fma(x, L.Of(0.63661977236758134), magic);
        L j = quadrant - magic;
        L r = L.Fma(j, L.Of(L.IsSingle ? -1.57079637050628662109375 : -1.5707963267948966), x);
        r = L.Fma(j, L.Of(L.IsSingle ? 4.37113900018624283e-08 : -6.123233995736766e-17), r);
        r = L.Fma(j, L.Of(L.IsSingle ? 1.71512489709e-15 : 1.4973849048591833e-33), r);

        // The bound has an effect only far outside the accurate range. NaN passes through, also the NaN that an
        // infinite x gives.
        L bound = L.Of(0.7854);
        r = L.Select(L.Less(bound, r), bound, r);
        return L.Select(L.Less(r, Bits.Negate(bound)), Bits.Negate(bound), r);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Turn<L>(L r, L quadrant) where L : struct, ILanes<L> =>
        Quadrant(SinPolynomial(r), CosPolynomial(r), quadrant);

    /// <summary>sin(r + quadrant pi/2): an odd quadrant uses the cosine, quadrants 2 and 3 change the sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Quadrant<L>(L sin, L cos, L quadrant) where L : struct, ILanes<L>
    {
        L even = quadrant & L.OfBits(1);
        // As a number, the low bit is a denormal. It is shifted to the exponent of 2, so that a floating-point
        // comparison can test it.
        L isOdd = L.Less(L.Zero, L.ShiftLeft(even, L.IsSingle ? 30 : 62));
        L sign = L.ShiftLeft(quadrant & L.OfBits(2), L.IsSingle ? 30 : 62);
        return L.Select(isOdd, cos, sin) ^ sign;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L SinPolynomial<L>(L r) where L : struct, ILanes<L>
    {
        L z = r * r;
        L p;
        if (L.IsSingle)
        {
            p = L.Fma(L.Of(1.0 / 362880), z, L.Of(-1.0 / 5040));
        }
        else
        {
            p = L.Fma(L.Of(1.0 / 355687428096000), z, L.Of(-1.0 / 1307674368000));
            p = L.Fma(p, z, L.Of(1.0 / 6227020800));
            p = L.Fma(p, z, L.Of(-1.0 / 39916800));
            p = L.Fma(p, z, L.Of(1.0 / 362880));
            p = L.Fma(p, z, L.Of(-1.0 / 5040));
        }

        p = L.Fma(p, z, L.Of(1.0 / 120));
        p = L.Fma(p, z, L.Of(-1.0 / 6));
        return L.Fma(p * z, r, r);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L CosPolynomial<L>(L r) where L : struct, ILanes<L>
    {
        L z = r * r;
        L p;
        if (L.IsSingle)
        {
            p = L.Fma(L.Of(-1.0 / 3628800), z, L.Of(1.0 / 40320));
        }
        else
        {
            p = L.Fma(L.Of(1.0 / 20922789888000), z, L.Of(-1.0 / 87178291200));
            p = L.Fma(p, z, L.Of(1.0 / 479001600));
            p = L.Fma(p, z, L.Of(-1.0 / 3628800));
            p = L.Fma(p, z, L.Of(1.0 / 40320));
        }

        p = L.Fma(p, z, L.Of(-1.0 / 720));
        p = L.Fma(p, z, L.Of(1.0 / 24));

        // 1 - z/2 is rounded; the rounding error is added back with the rest of the series.
        L half = z * L.Of(0.5);
        L w = L.Of(1) - half;
        return w + L.Fma(p * z, z, L.Of(1) - w - half);
    }
}
