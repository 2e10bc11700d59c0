using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>Absolute value elementwise. d/dx = sign(x), 0 at 0.</summary>
    public Tensor Abs()
    {
        Tensor y = Apply(UnaryKernel.Abs, this);
        return y.Recorded(this, g => Apply(BinaryKernel.AbsGradient, g, this));
    }
}
