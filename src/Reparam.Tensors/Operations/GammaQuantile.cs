using Reparam.Tensors.Backends;
using Reparam.Tensors.Special;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>The x with P(a, x) = p, elementwise with broadcasting (<see cref="SpecialFunctions.GammaQuantile"/>).
    /// By the implicit function theorem dx/dp = 1 / p(x; a) and dx/da = -(dP/da) / p(x; a), where p(x; a) is the
    /// density. dx/da is the pathwise derivative of a gamma variable.</summary>
    /// <param name="a">The shape, above 0.</param>
    /// <param name="p">The probability, in [0, 1].</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or the element types differ.</exception>
    public static Tensor GammaQuantile(Tensor a, Tensor p) => GammaQuantileOf(a, p, SpecialKernel.GammaQuantile, 1);

    /// <summary>The x with 1 - P(a, x) = q, accurate for small q (<see cref="SpecialFunctions.GammaQuantileUpper"/>).
    /// dx/dq = -1 / p(x; a), and dx/da is the same as for <see cref="GammaQuantile"/>.</summary>
    /// <param name="a">The shape, above 0.</param>
    /// <param name="q">The probability above x, in [0, 1].</param>
    public static Tensor GammaQuantileUpper(Tensor a, Tensor q) =>
        GammaQuantileOf(a, q, SpecialKernel.GammaQuantileUpper, -1);

    private static Tensor GammaQuantileOf(Tensor a, Tensor p, SpecialKernel kernel, double sign)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(p);
        (a, p) = Aligned(a, p);
        Tensor y = Apply(kernel, a, p);
        return y.Recorded(
            [a, p],
            [
                g => g * Apply(SpecialKernel.GammaPathwise, a, y),
                g => g * sign / Apply(SpecialKernel.GammaDensity, a, y),
            ]);
    }
}
