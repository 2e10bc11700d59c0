using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>e^x elementwise. d/dx = e^x.</summary>
    public Tensor Exp()
    {
        Tensor y = Apply(UnaryKernel.Exp, this);
        return y.Recorded(this, g => g * y);
    }
}
