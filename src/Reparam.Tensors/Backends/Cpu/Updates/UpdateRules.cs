using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>The scalars of an update in lanes. The products that the rules need are first computed in double.</summary>
internal readonly struct UpdateLanes<L>(in UpdateScalars s, bool hasFirst)
    where L : struct, ILanes<L>
{
    public readonly L Scale = L.Of(s.GradientScale), Decay = L.Of(s.Decay), MinusRate = L.Of(-s.Rate),
        MinusRateDecay = L.Of(-(s.Rate * s.Decay));
    public readonly L Beta1 = L.Of(s.Beta1), Rest1 = L.Of(1 - s.Beta1), Beta2 = L.Of(s.Beta2),
        Rest2 = L.Of(1 - s.Beta2);
    public readonly L Epsilon = L.Of(Math.Max(s.Epsilon, L.IsSingle ? LeastNormal.Single : LeastNormal.Double)),
        MinusRateCorrected = L.Of(-(s.Rate / s.Correction1)),
        InverseRoot2 = L.Of(1 / Math.Sqrt(s.Correction2));
    public readonly bool Nesterov = s.Nesterov, HasFirst = hasFirst;
}

/// <summary>One optimiser step on lanes: p parameter, g scaled gradient, m first state, v second state. A state below
/// the normal numbers becomes 0: the states of a parameter without gradients decay step by step, and they would stay
/// denormal for ever, because 0.9 times the least denormal number rounds to itself.</summary>
internal interface IUpdateRule
{
    static abstract void Apply<L>(ref L p, L g, ref L m, ref L v, in UpdateLanes<L> s) where L : struct, ILanes<L>;
}

/// <summary>One rule for each <see cref="UpdateKernel"/>, which documents the formulas. The order of operations is part
/// of the reproducibility contract.</summary>
internal static class UpdateRules
{
    public readonly struct Sgd : IUpdateRule
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<L>(ref L p, L g, ref L m, ref L v, in UpdateLanes<L> s) where L : struct, ILanes<L> =>
            p = L.Fma(s.MinusRate, L.Fma(s.Decay, p, g), p);
    }

    public readonly struct Momentum : IUpdateRule
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<L>(ref L p, L g, ref L m, ref L v, in UpdateLanes<L> s) where L : struct, ILanes<L>
        {
            g = L.Fma(s.Decay, p, g);
            m = Bits.Normal(L.Fma(s.Beta1, m, g));
            p = L.Fma(s.MinusRate, s.Nesterov ? L.Fma(s.Beta1, m, g) : m, p);
        }
    }

    public readonly struct Adam : IUpdateRule
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<L>(ref L p, L g, ref L m, ref L v, in UpdateLanes<L> s) where L : struct, ILanes<L>
        {
            g = L.Fma(s.Decay, p, g);
            AdamStep(ref p, g, ref m, ref v, s);
        }
    }

    public readonly struct AdamW : IUpdateRule
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<L>(ref L p, L g, ref L m, ref L v, in UpdateLanes<L> s) where L : struct, ILanes<L>
        {
            p = L.Fma(s.MinusRateDecay, p, p);
            AdamStep(ref p, g, ref m, ref v, s);
        }
    }

    public readonly struct Adagrad : IUpdateRule
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<L>(ref L p, L g, ref L m, ref L v, in UpdateLanes<L> s) where L : struct, ILanes<L>
        {
            g = L.Fma(s.Decay, p, g);
            v = Bits.Normal(L.Fma(g, g, v));
            p = L.Fma(s.MinusRate, g / (L.Sqrt(v) + s.Epsilon), p);
        }
    }

    public readonly struct Adamax : IUpdateRule
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<L>(ref L p, L g, ref L m, ref L v, in UpdateLanes<L> s) where L : struct, ILanes<L>
        {
            g = L.Fma(s.Decay, p, g);
            m = Bits.Normal(L.Fma(s.Beta1, m, s.Rest1 * g));
            v = Bits.Maximum(s.Beta2 * v, Bits.Abs(g) + s.Epsilon);
            p = L.Fma(s.MinusRateCorrected, m / v, p);
        }
    }

    public readonly struct RmsProp : IUpdateRule
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<L>(ref L p, L g, ref L m, ref L v, in UpdateLanes<L> s) where L : struct, ILanes<L>
        {
            g = L.Fma(s.Decay, p, g);
            v = Bits.Normal(L.Fma(s.Beta2, v, s.Rest2 * g * g));
            L step = g / (L.Sqrt(v) + s.Epsilon);
            m = s.HasFirst ? Bits.Normal(L.Fma(s.Beta1, m, step)) : step;
            p = L.Fma(s.MinusRate, m, p);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AdamStep<L>(ref L p, L g, ref L m, ref L v, in UpdateLanes<L> s) where L : struct, ILanes<L>
    {
        m = Bits.Normal(L.Fma(s.Beta1, m, s.Rest1 * g));
        v = Bits.Normal(L.Fma(s.Beta2, v, s.Rest2 * g * g));
        // The quotients of scalars are computed once, because the division and the square root of vectors are the main
        // cost of an update.
        p = L.Fma(s.MinusRateCorrected, m / L.Fma(L.Sqrt(v), s.InverseRoot2, s.Epsilon), p);
    }
}
