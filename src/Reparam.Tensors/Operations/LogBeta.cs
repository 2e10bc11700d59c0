using Reparam.Tensors.Backends;
using Reparam.Tensors.Special;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>log B(a, b) = log Gamma(a) + log Gamma(b) - log Gamma(a + b) elementwise with broadcasting
    /// (<see cref="SpecialFunctions.LogBeta"/>). d/da = psi(a) - psi(a + b), d/db = psi(b) - psi(a + b).</summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or the element types differ.</exception>
    public static Tensor LogBeta(Tensor a, Tensor b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        (a, b) = Aligned(a, b);
        Tensor y = Apply(SpecialKernel.LogBeta, a, b);
        return y.Recorded(
            [a, b],
            [
                g => -(g * Apply(SpecialKernel.DigammaDifference, a, b)),
                g => -(g * Apply(SpecialKernel.DigammaDifference, b, a)),
            ]);
    }
}
