using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>Square root elementwise; NaN below 0. d/dx = 1/(2 sqrt x), infinite at 0.</summary>
    public Tensor Sqrt()
    {
        Tensor y = Apply(UnaryKernel.Sqrt, this);
        return y.Recorded(this, g => Apply(BinaryKernel.SqrtGradient, g, y));
    }
}
