using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>Derivatives whose code is longer than one line.</summary>
internal static class Gradients
{
    private const double InverseSqrtTwoPi = 0.3989422804014327;

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
        L gaussian = ErrorFunction.Gaussian(x);
        return L.Fma(x, L.Of(InverseSqrtTwoPi) * gaussian, ErrorFunction.NormalCdf(x, gaussian));
    }
}
