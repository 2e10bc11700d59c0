using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>
/// erf, erfc and the normal CDF. For x >= 0, (1 + 2x) exp(x^2) erfc(x) is smooth and bounded; it is a polynomial in
/// t = (x - c) / (x + c) (the form of Shepherd and Laframboise, 1981; the coefficients are our own Chebyshev
/// interpolation in 60 digits, relative error 6e-9 for Float32 and 2e-19 for Float64 before rounding). Below 1, erf is
/// its Taylor series.
/// </summary>
internal static class ErrorFunction
{
    private const double InverseSqrt2 = 0.70710678118654752;
    private const double TwoOverSqrtPi = 1.1283791670955126;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Erf<L>(L x) where L : struct, ILanes<L>
    {
        L magnitude = Bits.Abs(x);
        L large = (L.Of(1) - ErfcPositive(magnitude)) | (x & Bits.SignMask<L>());
        return L.Select(L.Less(magnitude, L.Of(1)), Series(x), large);
    }

    /// <summary>erfc(x), with a small relative error in the right tail. In Float32 the result is 0 where it is
    /// below the normal numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Erfc<L>(L x) where L : struct, ILanes<L>
    {
        L tail = ErfcPositive(Bits.Abs(x));
        return L.Select(L.Less(x, L.Zero), L.Of(2) - tail, tail);
    }

    /// <summary>The standard normal CDF, with a small relative error in the left tail. In Float32 the result is 0
    /// where it is below the normal numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L NormalCdf<L>(L x) where L : struct, ILanes<L> => NormalCdf(x, Gaussian(x));

    /// <summary>The standard normal CDF if exp(-x^2 / 2) is already known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L NormalCdf<L>(L x, L gaussian) where L : struct, ILanes<L>
    {
        // The exponential uses x, not x / sqrt(2): in the tail it would magnify the rounding error of the quotient.
        L tail = Tail(L.Of(0.5) * Scaled(Bits.Abs(x) * L.Of(InverseSqrt2)) * gaussian);
        return L.Select(L.Less(x, L.Zero), tail, L.Of(1) - tail);
    }

    /// <summary>exp(-x^2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L ExpOfMinusSquare<L>(L x) where L : struct, ILanes<L>
    {
        x = Bounded(x, L.Of(L.IsSingle ? 12 : 30));
        L square = x * x;
        return ExpOfMinus(square, L.Fma(x, x, Bits.Negate(square)));
    }

    /// <summary>exp(-x^2 / 2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Gaussian<L>(L x) where L : struct, ILanes<L>
    {
        x = Bounded(x, L.Of(L.IsSingle ? 16 : 42));
        L square = x * x, half = L.Of(0.5);
        return ExpOfMinus(square * half, L.Fma(x, x, Bits.Negate(square)) * half);
    }

    /// <summary>exp(-(value + error)). The error argument is the rounding error of the square; without it, the relative
    /// error would grow with x^2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L ExpOfMinus<L>(L value, L error) where L : struct, ILanes<L>
    {
        L e = Exponential.Exp(Bits.Negate(value));
        return L.Fma(Bits.Negate(error), e, e);
    }

    /// <summary>min(|x|, bound). Above the bound the exponential is zero, and an infinite x would give infinity -
    /// infinity. NaN passes through.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Bounded<L>(L x, L bound) where L : struct, ILanes<L>
    {
        x = Bits.Abs(x);
        return L.Select(L.Less(bound, x), bound, x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L ErfcPositive<L>(L x)
        where L : struct, ILanes<L> => Tail(ExpOfMinusSquare(x) * Scaled(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Tail<L>(L x) where L : struct, ILanes<L> => L.IsSingle ? Bits.Normal(x) : x;

    /// <summary>exp(x^2) erfc(x) for x >= 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Scaled<L>(L x) where L : struct, ILanes<L>
    {
        x = Bounded(x, L.Of(L.IsSingle ? 12 : 30));
        L c = L.Of(L.IsSingle ? 2.5 : 3.75);
        L t = (x - c) / (x + c);
        L p;
        if (L.IsSingle)
        {
            p = L.Fma(L.Of(-6.190753097048105e-05), t, L.Of(-6.391786604416434e-05));
            p = L.Fma(p, t, L.Of(0.0005757346293414969));
            p = L.Fma(p, t, L.Of(0.00046333752059866723));
            p = L.Fma(p, t, L.Of(-0.004350492340489629));
            p = L.Fma(p, t, L.Of(0.000946759630325494));
            p = L.Fma(p, t, L.Of(0.03275205256865231));
            p = L.Fma(p, t, L.Of(-0.10297053835625594));
            p = L.Fma(p, t, L.Of(0.157630994361539));
            p = L.Fma(p, t, L.Of(-0.0990242416580846));
            p = L.Fma(p, t, L.Of(-0.12235680075158781));
            p = L.Fma(p, t, L.Of(1.2648381802377981));
        }
        else
        {
            p = L.Fma(L.Of(-7.33950500852954e-11), t, L.Of(-3.75315827795962e-11));
            p = L.Fma(p, t, L.Of(9.02214970034059e-10));
            p = L.Fma(p, t, L.Of(5.457157304704688e-10));
            p = L.Fma(p, t, L.Of(-6.545560212480267e-09));
            p = L.Fma(p, t, L.Of(-4.389284159986328e-09));
            p = L.Fma(p, t, L.Of(4.0971223152703005e-08));
            p = L.Fma(p, t, L.Of(2.4289762925488707e-08));
            p = L.Fma(p, t, L.Of(-2.6114702359900956e-07));
            p = L.Fma(p, t, L.Of(-5.826281078800777e-08));
            p = L.Fma(p, t, L.Of(1.7534434251106334e-06));
            p = L.Fma(p, t, L.Of(-9.72849582211122e-07));
            p = L.Fma(p, t, L.Of(-1.1445049125831309e-05));
            p = L.Fma(p, t, L.Of(2.2383912036550678e-05));
            p = L.Fma(p, t, L.Of(5.164940777546399e-05));
            p = L.Fma(p, t, L.Of(-0.00029015397928986765));
            p = L.Fma(p, t, L.Of(0.00029371359480570737));
            p = L.Fma(p, t, L.Of(0.0017556258324217529));
            p = L.Fma(p, t, L.Of(-0.009746579547619623));
            p = L.Fma(p, t, L.Of(0.0283622774215156));
            p = L.Fma(p, t, L.Of(-0.05869339859054762));
            p = L.Fma(p, t, L.Of(0.09230432116019834));
            p = L.Fma(p, t, L.Of(-0.10880393014170746));
            p = L.Fma(p, t, L.Of(0.08227673849015102));
            p = L.Fma(p, t, L.Of(0.00358541548546369));
            p = L.Fma(p, t, L.Of(-0.14024059858554702));
            p = L.Fma(p, t, L.Of(1.2375126308378275));
        }

        return p / L.Fma(L.Of(2), x, L.Of(1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Series<L>(L x) where L : struct, ILanes<L>
    {
        L z = x * x;
        L p;
        if (L.IsSingle)
        {
            p = L.Fma(L.Of(1.0 / 76204800), z, L.Of(-1.0 / 6894720));
            p = L.Fma(p, z, L.Of(1.0 / 685440));
            p = L.Fma(p, z, L.Of(-1.0 / 75600));
            p = L.Fma(p, z, L.Of(1.0 / 9360));
            p = L.Fma(p, z, L.Of(-1.0 / 1320));
            p = L.Fma(p, z, L.Of(1.0 / 216));
            p = L.Fma(p, z, L.Of(-1.0 / 42));
            p = L.Fma(p, z, L.Of(1.0 / 10));
            p = L.Fma(p, z, L.Of(-1.0 / 3));
            p = L.Fma(p, z, L.Of(1.0 / 1));
        }
        else
        {
            p = L.Fma(L.Of(1.0 / 236887827111936000), z, L.Of(-1.0 / 12449059983360000));
            p = L.Fma(p, z, L.Of(1.0 / 690452066304000));
            p = L.Fma(p, z, L.Of(-1.0 / 40537905408000));
            p = L.Fma(p, z, L.Of(1.0 / 2528170444800));
            p = L.Fma(p, z, L.Of(-1.0 / 168129561600));
            p = L.Fma(p, z, L.Of(1.0 / 11975040000));
            p = L.Fma(p, z, L.Of(-1.0 / 918086400));
            p = L.Fma(p, z, L.Of(1.0 / 76204800));
            p = L.Fma(p, z, L.Of(-1.0 / 6894720));
            p = L.Fma(p, z, L.Of(1.0 / 685440));
            p = L.Fma(p, z, L.Of(-1.0 / 75600));
            p = L.Fma(p, z, L.Of(1.0 / 9360));
            p = L.Fma(p, z, L.Of(-1.0 / 1320));
            p = L.Fma(p, z, L.Of(1.0 / 216));
            p = L.Fma(p, z, L.Of(-1.0 / 42));
            p = L.Fma(p, z, L.Of(1.0 / 10));
            p = L.Fma(p, z, L.Of(-1.0 / 3));
            p = L.Fma(p, z, L.Of(1.0 / 1));
        }

        return L.Of(TwoOverSqrtPi) * x * p;
    }
}
