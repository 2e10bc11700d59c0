using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>The error function elementwise. d/dx = 2/sqrt(pi) e^(-x^2).</summary>
    public Tensor Erf()
    {
        Tensor y = Apply(UnaryKernel.Erf, this);
        return y.Recorded(this, g => Apply(BinaryKernel.ErfGradient, g, this));
    }
}
