using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>exp and expm1: x = n ln 2 + r with |r| &lt;= ln(2)/2, a Taylor polynomial in r, then scaling by
/// 2^n.</summary>
internal static class Exponential
{
    private const double Log2E = 1.4426950408889634;

    // ln 2 in two pieces. n times the first is exact inside the FMA and cancels x exactly; the second carries the rest.
    private const double Ln2HighSingle = 0.693147182464599609375;
    private const double Ln2LowSingle = -1.904654299957767e-09;
    private const double Ln2HighDouble = 0.69314718055994528622676398299518041312694549560546875;
    private const double Ln2LowDouble = 2.3190468138462996e-17;

    /// <summary>exp(x). In Float32 the result is 0 where it is below the normal numbers. In Float64 it may be denormal,
    /// because the tails of distributions are made of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Exp<L>(L x) where L : struct, ILanes<L>
    {
        // Beyond these bounds the result is infinite or zero anyway. NaN fails both comparisons and passes through.
        L high = L.Of(L.IsSingle ? 89 : 710), low = L.Of(L.IsSingle ? LeastNormal.LogSingle : -746);
        L isLow = L.Less(x, low);
        x = L.Select(L.Less(high, x), high, x);
        x = L.Select(isLow, low, x);
        L r = Reduce(x, out L n);
        L p = L.Fma(Tail(r), r * r, r) + L.Of(1);

        // 2^n in two factors: n reaches past the exponent range, and only the last product rounds into the denormals.
        L half = Round(n * L.Of(0.5)), y = p * PowerOfTwo<L>(half) * PowerOfTwo<L>(n - half);
        return L.IsSingle ? L.Select(isLow, L.Zero, y) : y;
    }

    /// <summary>exp(-|x|), 0 where the result is below the normal numbers. It needs half the scaling of
    /// <see cref="Exp"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L ExpOfMinusAbs<L>(L x) where L : struct, ILanes<L>
    {
        x = Bits.Abs(x) | Bits.SignMask<L>();
        L r = Reduce(x, out L n);
        L p = (L.Fma(Tail(r), r * r, r) + L.Of(1)) * PowerOfTwo<L>(n);

        // Below the bound, n does not fit into the exponent, and p is meaningless. NaN fails the comparison and passes
        // through.
        return L.Select(L.Less(x, L.Of(L.IsSingle ? -87 : -708)), L.Zero, p);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L ExpM1<L>(L x) where L : struct, ILanes<L>
    {
        L high = L.Of(L.IsSingle ? 89 : 710), low = L.Of(L.IsSingle ? -18 : -40);
        L bounded = L.Select(L.Less(high, x), high, x);
        bounded = L.Select(L.Less(bounded, low), low, bounded);
        L r = Reduce(bounded, out L n);
        L p = L.Fma(Tail(r), r * r, r);

        // 2^n (p + 1) - 1, with half the scale inside so that n = 128 does not overflow before the end.
        L scale = PowerOfTwo<L>(n - L.Of(1));
        L result = L.Fma(scale, p, scale - L.Of(0.5)) * L.Of(2);

        // Tiny arguments are their own result; this also keeps -0 and the denormals.
        return L.Select(L.Less(Bits.Abs(x), L.Of(L.IsSingle ? 1e-8 : 1e-17)), x, result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Reduce<L>(L x, out L n) where L : struct, ILanes<L>
    {
        n = Round(x * L.Of(Log2E));
        L r = L.Fma(n, L.Of(L.IsSingle ? -Ln2HighSingle : -Ln2HighDouble), x);
        return L.Fma(n, L.Of(L.IsSingle ? -Ln2LowSingle : -Ln2LowDouble), r);
    }

    /// <summary>(exp(r) - 1 - r) / r^2 by its Taylor series, cut where the next term is below a fifth of an
    /// ulp.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Tail<L>(L r) where L : struct, ILanes<L>
    {
        L q;
        if (L.IsSingle)
        {
            q = L.Fma(L.Of(1.0 / 5040), r, L.Of(1.0 / 720));
        }
        else
        {
            q = L.Fma(L.Of(1.0 / 6227020800), r, L.Of(1.0 / 479001600));
            q = L.Fma(q, r, L.Of(1.0 / 39916800));
            q = L.Fma(q, r, L.Of(1.0 / 3628800));
            q = L.Fma(q, r, L.Of(1.0 / 362880));
            q = L.Fma(q, r, L.Of(1.0 / 40320));
            q = L.Fma(q, r, L.Of(1.0 / 5040));
            q = L.Fma(q, r, L.Of(1.0 / 720));
        }

        q = L.Fma(q, r, L.Of(1.0 / 120));
        q = L.Fma(q, r, L.Of(1.0 / 24));
        q = L.Fma(q, r, L.Of(1.0 / 6));
        return L.Fma(q, r, L.Of(0.5));
    }

    /// <summary>Rounds to the nearest integer, for |x| below 2^22 (2^51): adding 1.5 * 2^23 (2^52) leaves no fraction
    /// bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Round<L>(L x) where L : struct, ILanes<L>
    {
        L magic = L.Of(Bits.Magic<L>());
        return x + magic - magic;
    }

    /// <summary>2^n for an integral n in the normal range: the biased exponent, taken from the low bits of n +
    /// magic.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L PowerOfTwo<L>(L n) where L : struct, ILanes<L> =>
        L.ShiftLeft(n + L.Of(Bits.Magic<L>() + (L.IsSingle ? 127 : 1023)), L.IsSingle ? 23 : 52);
}
