using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// log Bernoulli(x; logits l) = x l - softplus(l) elementwise, in nats, broadcasting. For x in [0, 1] it is finite
    /// for every finite logit; for x between 0 and 1 it is the negative cross-entropy. For x outside [0, 1] it is
    /// -infinity. d/dl = x - sigmoid(l), d/dx = l.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or the element types differ.</exception>
    public static Tensor BernoulliLogProb(Tensor logits, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(x);
        Tensor y = Apply(BinaryKernel.BernoulliLogits, logits, x);
        return y.Recorded(
            [logits, x],
            [g => (g * Apply(BinaryKernel.BernoulliResidual, logits, x)).SumTo(logits.Shape),
                g => (g * logits).SumTo(x.Shape)]);
    }

    /// <summary>
    /// The sum of <see cref="BernoulliLogProb(Tensor, Tensor)"/> over the last <paramref name="eventAxes"/> axes, such
    /// as the log-probability of a whole image, in nats. If a tape records, the same pass also computes the gradient
    /// with respect to the logits.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or the element types differ.</exception>
    public static Tensor BernoulliLogProb(Tensor logits, Tensor x, int eventAxes)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(x);
        Shape whole = WholeShape(eventAxes, [logits, x]);
        if (eventAxes == 0) return BernoulliLogProb(logits, x);
        Shape batch = whole[..^eventAxes];
        int columns = whole[^eventAxes..].Size;
        (Tensor a, int rowsA) = Repeating(logits, whole, columns);
        (Tensor b, int rowsB) = Repeating(x, whole, columns);
        Tensor y = Uninitialized(batch, logits.DType);
        Tensor? byLogits = GradientTape.Recording is null ? null : Uninitialized(whole, logits.DType);
        Backend.Current.Density(
            DensityKernel.BernoulliLogits, a.Buffer, b.Buffer, null, null, y.Buffer, byLogits?.Buffer, null,
            new DensityPlan(batch.Size, columns, rowsA, rowsB));
        if (byLogits is null) return y;
        return y.Recorded([logits, x], [g => ByOperand(g, byLogits, logits), g => ByOperand(g, a.ExpandTo(whole), x)]);
    }
}
