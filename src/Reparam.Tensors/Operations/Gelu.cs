using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>x Phi(x) elementwise with the exact normal CDF (Hendrycks and Gimpel 2016), not the tanh approximation.
    /// d/dx = Phi(x) + x phi(x).</summary>
    public Tensor Gelu()
    {
        Tensor y = Apply(UnaryKernel.Gelu, this);
        return y.Recorded(this, g => Apply(BinaryKernel.GeluGradient, g, this));
    }
}
