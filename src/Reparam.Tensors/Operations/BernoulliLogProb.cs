using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// log Bernoulli(x; logits) = x l - softplus(l) elementwise, in nats, broadcasting; finite for any finite logit. x in [0, 1]: between the ends it is
    /// the negative cross-entropy. d/dl = x - sigmoid(l), d/dx = l.
    /// </summary>
    public static Tensor BernoulliLogProb(Tensor logits, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(x);
        Tensor y = Apply(BinaryKernel.BernoulliLogits, logits, x);
        return y.Recorded(
            [logits, x],
            [g => (g * Apply(BinaryKernel.BernoulliResidual, logits, x)).SumTo(logits.Shape), g => (g * logits).SumTo(x.Shape)]);
    }
}
