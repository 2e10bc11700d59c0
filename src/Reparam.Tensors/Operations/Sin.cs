using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>Sine elementwise, x in radians. d/dx = cos x.</summary>
    public Tensor Sin()
    {
        Tensor y = Apply(UnaryKernel.Sin, this);
        return y.Recorded(this, g => g * Apply(UnaryKernel.Cos, this));
    }
}
