using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>log(1 + x) elementwise, accurate near 0. d/dx = 1/(1 + x).</summary>
    public Tensor LogP1()
    {
        Tensor y = Apply(UnaryKernel.LogP1, this);
        return y.Recorded(this, g => Apply(BinaryKernel.LogP1Gradient, g, this));
    }
}
