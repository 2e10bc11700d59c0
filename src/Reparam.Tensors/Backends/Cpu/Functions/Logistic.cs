using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>The functions made from one exponential: tanh, sigmoid, softplus.</summary>
internal static class Logistic
{
    /// <summary>tanh |x| = e / (e + 2), e = expm1(2|x|), then the sign of x is restored. Above the bound the result
    /// rounds to 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Tanh<L>(L x) where L : struct, ILanes<L>
    {
        L bound = L.Of(L.IsSingle ? 9.5 : 20);
        L magnitude = Bits.Abs(x);
        magnitude = L.Select(L.Less(bound, magnitude), bound, magnitude);
        L e = Exponential.ExpM1(magnitude + magnitude);
        L t = e / (e + L.Of(2));
        return t | (x & Bits.SignMask<L>());
    }

    /// <summary>1 / (1 + exp(-x)); for x below zero exp(x) / (1 + exp(x)), so that nothing overflows and the left tail
    /// is accurate.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Sigmoid<L>(L x) where L : struct, ILanes<L>
    {
        return SigmoidOf(x, Exponential.Exp(Bits.Abs(x) | Bits.SignMask<L>()));
    }

    /// <summary><see cref="Sigmoid"/> if e = exp(-|x|) is already known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L SigmoidOf<L>(L x, L e) where L : struct, ILanes<L>
    {
        L one = L.Of(1);
        return L.Select(L.Less(x, L.Zero), e, one) / (one + e);
    }

    /// <summary>log(1 + exp(x)) = max(x, 0) + log1p(exp(-|x|)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L SoftPlus<L>(L x) where L : struct, ILanes<L> => Bits.Maximum(x, L.Zero) + Tail(x);

    /// <summary>x l - softplus(l) = (x l - max(l, 0)) - log1p(exp(-|l|)). For a confident right answer the first part
    /// is exactly 0; otherwise the small loss would be lost by rounding next to l. -infinity for x below 0 or above
    /// 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L BernoulliLogProb<L>(L logit, L x) where L : struct, ILanes<L> =>
        BernoulliLogProb(logit, x, Exponential.ExpOfMinusAbs(logit));

    /// <summary>The same if e = exp(-|l|) is already known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L BernoulliLogProb<L>(L logit, L x, L e) where L : struct, ILanes<L>
    {
        L logProb = L.Fma(x, logit, Bits.Negate(Bits.Maximum(logit, L.Zero))) - Logarithm.LogP1OfUnit(e);
        return L.Select(L.Less(x, L.Zero) | L.Less(L.Of(1), x), L.Of(double.NegativeInfinity), logProb);
    }

    /// <summary>log1p(exp(-|x|)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Tail<L>(L x)
        where L : struct, ILanes<L> => Logarithm.LogP1OfUnit(Exponential.Exp(Bits.Abs(x) | Bits.SignMask<L>()));
}
