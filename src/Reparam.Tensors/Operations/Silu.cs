using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>x sigmoid(x) elementwise (also called swish). d/dx = s + x s (1 - s) with s = sigmoid(x).</summary>
    public Tensor Silu()
    {
        Tensor y = Apply(UnaryKernel.Silu, this);
        return y.Recorded(this, g => Apply(BinaryKernel.SiluGradient, g, this));
    }
}
