using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// log Bernoulli(x; logits) = x l - softplus(l) elementwise, in nats, broadcasting; finite for any finite logit. x
    /// in [0, 1]: between the ends it is the negative cross-entropy, outside -infinity. d/dl = x - sigmoid(l), d/dx =
    /// l.
    /// </summary>
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
    /// The same summed over the last <paramref name="eventAxes"/> axes: the log-probability of a whole image, in one
    /// pass that also makes the gradient by the logits while a tape records.
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
