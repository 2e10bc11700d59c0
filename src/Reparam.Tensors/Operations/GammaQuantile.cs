using Reparam.Tensors.Backends;
using Reparam.Tensors.Special;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>The x with P(a, x) = p, elementwise with broadcasting (<see cref="SpecialFunctions.GammaQuantile"/>). By the implicit function theorem
    /// dx/dp = 1 / p(x; a) and dx/da = -(dP/da) / p(x; a), the pathwise derivative of a gamma variable.</summary>
    /// <param name="a">The shape, above 0.</param>
    /// <param name="p">The probability, in [0, 1].</param>
    public static Tensor GammaQuantile(Tensor a, Tensor p)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(p);
        (a, p) = Aligned(a, p);
        Tensor y = Apply(SpecialKernel.GammaQuantile, a, p);
        return y.Recorded(
            [a, p],
            [
                g => g * Apply(SpecialKernel.GammaPathwise, a, y),
                g => g / Apply(SpecialKernel.GammaDensity, a, y),
            ]);
    }
}
