using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>One operator for each <see cref="UnaryKernel"/>, under the same name.</summary>
internal static class UnaryOperators
{
    public readonly struct Negate : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L x, L p0, L p1) where L : struct, ILanes<L> => Bits.Negate(x);
    }

    public readonly struct Abs : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L x, L p0, L p1) where L : struct, ILanes<L> => Bits.Abs(x);
    }

    public readonly struct Sign : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L x, L p0, L p1) where L : struct, ILanes<L> =>
            L.Select(L.Less(L.Zero, x), L.Of(1), L.Select(L.Less(x, L.Zero), L.Of(-1), x));
    }

    public readonly struct Square : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L x, L p0, L p1) where L : struct, ILanes<L> => x * x;
    }

    public readonly struct Sqrt : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L x, L p0, L p1) where L : struct, ILanes<L> => L.Sqrt(x);
    }

    public readonly struct Reciprocal : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L x, L p0, L p1) where L : struct, ILanes<L> => L.Of(1) / x;
    }

    public readonly struct Exp : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L x, L p0, L p1) where L : struct, ILanes<L> => Exponential.Exp(x);
    }

    public readonly struct SoftMaxWeight : IUnaryOperator
    {
        /// <summary>2^-60. The sum of a million weights of this size is below a tenth of a rounding error of the sum of
        /// all weights, and their products with small derivatives would be denormal numbers.</summary>
        private const double Negligible = 8.673617379884035e-19;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L x, L p0, L p1) where L : struct, ILanes<L>
        {
            L y = Exponential.Exp(x);
            return L.IsSingle ? L.Select(L.Less(y, L.Of(Negligible)), L.Zero, y) : y;
        }
    }

    public readonly struct ExpM1 : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L x, L p0, L p1) where L : struct, ILanes<L> => Exponential.ExpM1(x);
    }

    public readonly struct Log : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L x, L p0, L p1) where L : struct, ILanes<L> => Logarithm.Log(x);
    }

    public readonly struct LogP1 : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L x, L p0, L p1) where L : struct, ILanes<L> => Logarithm.LogP1(x);
    }

    public readonly struct Sin : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L x, L p0, L p1) where L : struct, ILanes<L> => Trigonometric.Sin(x);
    }

    public readonly struct Cos : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L x, L p0, L p1) where L : struct, ILanes<L> => Trigonometric.Cos(x);
    }

    public readonly struct Tanh : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L x, L p0, L p1) where L : struct, ILanes<L> => Logistic.Tanh(x);
    }

    public readonly struct Erf : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L x, L p0, L p1) where L : struct, ILanes<L> => ErrorFunction.Erf(x);
    }

    public readonly struct Sigmoid : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L x, L p0, L p1) where L : struct, ILanes<L> => Logistic.Sigmoid(x);
    }

    public readonly struct SoftPlus : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L x, L p0, L p1) where L : struct, ILanes<L> => Logistic.SoftPlus(x);
    }

    public readonly struct Relu : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L x, L p0, L p1) where L : struct, ILanes<L> => Bits.Maximum(x, L.Zero);
    }

    public readonly struct LeakyRelu : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L x, L p0, L p1) where L : struct, ILanes<L> => L.Select(L.Less(x, L.Zero), p0 * x, x);
    }

    public readonly struct Silu : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L x, L p0, L p1) where L : struct, ILanes<L> => x * Logistic.Sigmoid(x);
    }

    public readonly struct Gelu : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L x, L p0, L p1) where L : struct, ILanes<L> => x * ErrorFunction.NormalCdf(x);
    }

    public readonly struct Floor : IUnaryOperator
    {
        /// <summary>Adding and subtracting <see cref="Bits.Magic"/> rounds to the nearest integer. From a third of it
        /// on, all numbers are integers.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L x, L p0, L p1) where L : struct, ILanes<L>
        {
            L magic = L.Of(Bits.Magic<L>());
            L nearest = x + magic - magic;
            L floor = nearest - (L.Less(x, nearest) & L.Of(1));
            return L.Select(L.Less(Bits.Abs(x), L.Of(Bits.Magic<L>() / 3)), floor, x);
        }
    }

    public readonly struct Clamp : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L x, L p0, L p1) where L : struct, ILanes<L> => Bits.Minimum(Bits.Maximum(x, p0), p1);
    }

    public readonly struct Affine : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L x, L p0, L p1) where L : struct, ILanes<L> => L.Fma(x, p0, p1);
    }
}
