using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>Cosine elementwise, x in radians. d/dx = -sin x.</summary>
    public Tensor Cos()
    {
        Tensor y = Apply(UnaryKernel.Cos, this);
        return y.Recorded(this, g => -(g * Apply(UnaryKernel.Sin, this)));
    }
}
