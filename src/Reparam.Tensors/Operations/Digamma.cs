using Reparam.Tensors.Backends;
using Reparam.Tensors.Special;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>psi(x), the derivative of log Gamma(x), elementwise (<see cref="SpecialFunctions.Digamma"/>). d/dx =
    /// psi'(x).</summary>
    public Tensor Digamma()
    {
        Tensor y = Apply(SpecialKernel.Digamma, this);
        return y.Recorded(this, g => g * Apply(SpecialKernel.Trigamma, this));
    }
}
