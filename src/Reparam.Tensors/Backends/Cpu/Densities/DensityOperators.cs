using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>One term of a log-density or divergence, with its derivatives with respect to the one or two arguments
/// named in <see cref="DensityKernel"/>.</summary>
internal interface IDensityOperator
{
    /// <summary>Number of arguments, 2 to 4. The other arguments are not read.</summary>
    static abstract int Arguments { get; }

    /// <summary>Number of derivatives, 1 or 2.</summary>
    static abstract int Derivatives { get; }

    /// <summary>The term. The derivatives are computed only if <paramref name="gradients"/> is true; it is a constant
    /// in every inlined copy.</summary>
    static abstract L Apply<L>(L a, L b, L c, L d, bool gradients, out L first, out L second)
        where L : struct, ILanes<L>;
}

/// <summary>One operator for each <see cref="DensityKernel"/>, under the same name.</summary>
internal static class DensityOperators
{
    private const double HalfLogTwoPi = 0.91893853320467274178;

    public readonly struct BernoulliLogits : IDensityOperator
    {
        public static int Arguments => 2;

        public static int Derivatives => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L a, L b, L c, L d, bool gradients, out L first, out L second)
            where L : struct, ILanes<L>
        {
            // The probability and its logarithm share one exponential.
            L e = Exponential.ExpOfMinusAbs(a);
            first = gradients ? b - Logistic.SigmoidOf(a, e) : L.Zero;
            second = L.Zero;
            return Logistic.BernoulliLogProb(a, b, e);
        }
    }

    public readonly struct Normal : IDensityOperator
    {
        public static int Arguments => 3;

        public static int Derivatives => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L a, L b, L c, L d, bool gradients, out L first, out L second)
            where L : struct, ILanes<L>
        {
            L precision = Exponential.Exp(Bits.Negate(c));
            L u = (a - b) * precision;
            L square = u * u;
            first = gradients ? Bits.Negate(u) * precision : L.Zero;
            second = gradients ? square - L.Of(1) : L.Zero;
            return L.Fma(square, L.Of(-0.5), L.Of(-HalfLogTwoPi)) - c;
        }
    }

    public readonly struct NormalKL : IDensityOperator
    {
        public static int Arguments => 4;

        public static int Derivatives => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L a, L b, L c, L d, bool gradients, out L first, out L second)
            where L : struct, ILanes<L>
        {
            // With r = log s1 - log s2 the variance part 0.5 (e^2r - 1) - r is written with expm1: exactly 0 at r = 0,
            // accurate near it.
            L precision = Exponential.Exp(Bits.Negate(d));
            L ratio = b - d;
            L excess = Exponential.ExpM1(ratio + ratio);
            L shift = (a - c) * precision;
            first = gradients ? shift * precision : L.Zero;
            second = excess;
            return L.Fma(L.Fma(shift, shift, excess), L.Of(0.5), Bits.Negate(ratio));
        }
    }
}
