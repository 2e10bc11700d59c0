using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>e^x - 1 elementwise, accurate near 0. d/dx = e^x.</summary>
    public Tensor ExpM1()
    {
        Tensor y = Apply(UnaryKernel.ExpM1, this);
        return y.Recorded(this, g => Apply(BinaryKernel.ExpM1Gradient, g, y));
    }
}
