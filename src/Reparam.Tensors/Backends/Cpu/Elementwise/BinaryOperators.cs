using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>One operator for each <see cref="BinaryKernel"/>, under the same name.</summary>
internal static class BinaryOperators
{
    public readonly struct Add : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L a, L b, L p0, L p1) where L : struct, ILanes<L> => a + b;
    }

    public readonly struct Subtract : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L a, L b, L p0, L p1) where L : struct, ILanes<L> => a - b;
    }

    public readonly struct Multiply : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L a, L b, L p0, L p1) where L : struct, ILanes<L> => a * b;
    }

    public readonly struct Divide : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L a, L b, L p0, L p1) where L : struct, ILanes<L> => a / b;
    }

    public readonly struct Maximum : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L a, L b, L p0, L p1) where L : struct, ILanes<L> => Bits.Maximum(a, b);
    }

    public readonly struct Minimum : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L a, L b, L p0, L p1) where L : struct, ILanes<L> => Bits.Minimum(a, b);
    }

    public readonly struct GreaterOrEqual : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L a, L b, L p0, L p1) where L : struct, ILanes<L> => L.LessOrEqual(b, a) & L.Of(1);
    }

    public readonly struct Less : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L a, L b, L p0, L p1) where L : struct, ILanes<L> => L.Less(a, b) & L.Of(1);
    }

    public readonly struct Masked : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L a, L b, L p0, L p1)
            where L : struct, ILanes<L> => L.Select(L.Equal(a, L.Zero), L.Zero, b);
    }

    public readonly struct AbsGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L a, L b, L p0, L p1) where L : struct, ILanes<L> =>
            L.Select(L.Less(L.Zero, b), a, L.Select(L.Less(b, L.Zero), Bits.Negate(a), b * L.Zero));
    }

    public readonly struct SqrtGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L a, L b, L p0, L p1) where L : struct, ILanes<L> => a * L.Of(0.5) / b;
    }

    public readonly struct SquareGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L a, L b, L p0, L p1) where L : struct, ILanes<L> => L.Of(2) * a * b;
    }

    public readonly struct ReciprocalGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L a, L b, L p0, L p1) where L : struct, ILanes<L> => Bits.Negate(a) * b * b;
    }

    public readonly struct ExpM1Gradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L a, L b, L p0, L p1) where L : struct, ILanes<L> => L.Fma(a, b, a);
    }

    public readonly struct LogP1Gradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L a, L b, L p0, L p1) where L : struct, ILanes<L> => a / (L.Of(1) + b);
    }

    public readonly struct TanhGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L a, L b, L p0, L p1)
            where L : struct, ILanes<L> => Bits.Normal(a * L.Fma(Bits.Negate(b), b, L.Of(1)));
    }

    public readonly struct ErfGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L a, L b, L p0, L p1)
            where L : struct, ILanes<L> =>
                Bits.Normal(a * L.Of(1.1283791670955126) * ErrorFunction.ExpOfMinusSquare(b));
    }

    public readonly struct SigmoidGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L a, L b, L p0, L p1) where L : struct, ILanes<L> =>
            Bits.Normal(a * b * (L.Of(1) - b));
    }

    public readonly struct SoftPlusGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L a, L b, L p0, L p1) where L : struct, ILanes<L> =>
            Bits.Normal(a * Logistic.Sigmoid(b));
    }

    public readonly struct ReluGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L a, L b, L p0, L p1)
            where L : struct, ILanes<L> => L.Select(L.Less(L.Zero, b), a, L.Zero);
    }

    public readonly struct LeakyReluGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L a, L b, L p0, L p1)
            where L : struct, ILanes<L> => L.Select(L.LessOrEqual(L.Zero, b), a, p0 * a);
    }

    public readonly struct SiluGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L a, L b, L p0, L p1) where L : struct, ILanes<L> =>
            Bits.Normal(a * Gradients.Silu(b));
    }

    public readonly struct GeluGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L a, L b, L p0, L p1) where L : struct, ILanes<L> =>
            Bits.Normal(a * Gradients.Gelu(b));
    }

    public readonly struct ClampGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L a, L b, L p0, L p1)
            where L : struct, ILanes<L> => L.Select(L.LessOrEqual(p0, b) & L.LessOrEqual(b, p1), a, L.Zero);
    }

    public readonly struct BernoulliLogits : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L a, L b, L p0, L p1) where L : struct, ILanes<L> => Logistic.BernoulliLogProb(a, b);
    }

    public readonly struct BernoulliResidual : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L a, L b, L p0, L p1) where L : struct, ILanes<L>
        {
            // b (1 - sigmoid(a)) - (1 - b) sigmoid(a), with both sigmoids computed directly: for a confident right
            // answer, the difference b - sigmoid(a) would consist only of rounding errors.
            L e = Exponential.Exp(Bits.Abs(a) | Bits.SignMask<L>());
            return L.Fma(b, Logistic.SigmoidOf(Bits.Negate(a), e), (b - L.Of(1)) * Logistic.SigmoidOf(a, e));
        }
    }
}
