using Reparam.Tensors.Backends;
using Reparam.Tensors.Special;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>P(a, x), the CDF at x of a standard gamma variable of shape a, elementwise with broadcasting
    /// (<see cref="SpecialFunctions.RegularizedGammaP"/>). d/dx = x^(a - 1) e^-x / Gamma(a), d/da =
    /// <see cref="SpecialFunctions.RegularizedGammaPByShape"/>.</summary>
    /// <param name="a">The shape, above 0.</param>
    /// <param name="x">The point, at least 0.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or the element types differ.</exception>
    public static Tensor RegularizedGammaP(Tensor a, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(x);
        (a, x) = Aligned(a, x);
        Tensor y = Apply(SpecialKernel.RegularizedGammaP, a, x);
        return y.Recorded(
            [a, x],
            [
                g => g * Apply(SpecialKernel.RegularizedGammaPByShape, a, x),
                g => g * Apply(SpecialKernel.GammaDensity, a, x),
            ]);
    }
}
