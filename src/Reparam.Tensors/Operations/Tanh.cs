using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>Hyperbolic tangent elementwise. d/dx = 1 - tanh(x)^2.</summary>
    public Tensor Tanh()
    {
        Tensor y = Apply(UnaryKernel.Tanh, this);
        return y.Recorded(this, g => Apply(BinaryKernel.TanhGradient, g, y));
    }
}
