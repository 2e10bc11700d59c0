using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>log(1 + e^x) elementwise, without overflow. d/dx = sigmoid(x).</summary>
    public Tensor SoftPlus()
    {
        Tensor y = Apply(UnaryKernel.SoftPlus, this);
        return y.Recorded(this, g => Apply(BinaryKernel.SoftPlusGradient, g, this));
    }
}
