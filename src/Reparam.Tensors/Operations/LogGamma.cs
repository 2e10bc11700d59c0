using Reparam.Tensors.Backends;
using Reparam.Tensors.Special;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>log |Gamma(x)| elementwise (<see cref="SpecialFunctions.LogGamma"/>). d/dx = psi(x), the digamma
    /// function.</summary>
    public Tensor LogGamma()
    {
        Tensor y = Apply(SpecialKernel.LogGamma, this);
        return y.Recorded(this, g => g * Apply(SpecialKernel.Digamma, this));
    }
}
