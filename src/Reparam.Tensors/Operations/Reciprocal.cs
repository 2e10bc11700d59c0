using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>1/x elementwise. d/dx = -1/x^2.</summary>
    public Tensor Reciprocal()
    {
        Tensor y = Apply(UnaryKernel.Reciprocal, this);
        return y.Recorded(this, g => Apply(BinaryKernel.ReciprocalGradient, g, y));
    }
}
