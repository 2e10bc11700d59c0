using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>x^2 elementwise. d/dx = 2x.</summary>
    public Tensor Square()
    {
        Tensor y = Apply(UnaryKernel.Square, this);
        return y.Recorded(this, g => Apply(BinaryKernel.SquareGradient, g, this));
    }
}
