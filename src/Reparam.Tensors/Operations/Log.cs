using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>Natural logarithm elementwise; NaN below 0, -infinity at 0. d/dx = 1/x.</summary>
    public Tensor Log()
    {
        Tensor y = Apply(UnaryKernel.Log, this);
        return y.Recorded(this, g => g / this);
    }
}
