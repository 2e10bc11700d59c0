using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>Derivatives that need more than a line.</summary>
internal static class Gradients
{
    private const double InverseSqrtTwoPi = 0.3989422804014327;
    private const double InverseSqrt2 = 0.70710678118654752;

    /// <summary>d/dx x sigmoid(x) = s + x s (1 - s).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Silu<L>(L x) where L : struct, ILanes<L>
    {
        L s = Logistic.Sigmoid(x);
        return L.Fma(x * s, L.Of(1) - s, s);
    }

    /// <summary>d/dx x Phi(x) = Phi(x) + x phi(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Gelu<L>(L x) where L : struct, ILanes<L>
    {
        L density = L.Of(InverseSqrtTwoPi) * ErrorFunction.ExpOfMinusSquare(x * L.Of(InverseSqrt2));
        return L.Fma(x, density, ErrorFunction.NormalCdf(x));
    }
}
