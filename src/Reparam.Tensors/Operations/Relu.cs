using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>max(x, 0) elementwise. d/dx = 1 for x > 0, 0 elsewhere (also at x = 0).</summary>
    public Tensor Relu()
    {
        Tensor y = Apply(UnaryKernel.Relu, this);
        return y.Recorded(this, g => Apply(BinaryKernel.ReluGradient, g, this));
    }
}
