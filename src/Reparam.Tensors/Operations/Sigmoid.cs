using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>1/(1 + e^-x) elementwise. d/dx = sigmoid(x) (1 - sigmoid(x)).</summary>
    public Tensor Sigmoid()
    {
        Tensor y = Apply(UnaryKernel.Sigmoid, this);
        return y.Recorded(this, g => Apply(BinaryKernel.SigmoidGradient, g, y));
    }
}
