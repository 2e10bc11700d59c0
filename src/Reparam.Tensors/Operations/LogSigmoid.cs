using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>log sigmoid(x) = -log(1 + e^-x) elementwise, without overflow, with a small relative error in both
    /// tails. d/dx = sigmoid(-x).</summary>
    public Tensor LogSigmoid()
    {
        Tensor negated = Apply(UnaryKernel.Negate, this);
        Tensor y = Apply(UnaryKernel.Negate, Apply(UnaryKernel.SoftPlus, negated));
        return y.Recorded(this, g => Apply(BinaryKernel.SoftPlusGradient, g, negated));
    }
}
