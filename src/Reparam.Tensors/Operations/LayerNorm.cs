using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// Layer normalisation (Ba, Kiros and Hinton 2016) over all axes from <paramref name="fromAxis"/> on: y = (x -
    /// mean) / sqrt(variance + epsilon) * weight + bias, with the mean and the biased variance over those axes. weight
    /// and bias have the shape of those axes or are null. Gradients flow to x, weight and bias, also through the mean
    /// and the variance.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not fit, epsilon is not positive, or there is no axis to
    /// normalise over.</exception>
    public static Tensor LayerNorm(
        Tensor x, Index fromAxis, Tensor? weight = null, Tensor? bias = null, double epsilon = 1e-5)
    {
        ArgumentNullException.ThrowIfNull(x);
        int at = x.Shape.AxisOf(fromAxis);
        Shape normalized = x.Shape[at..];
        // Every element of a row is its own channel, and the row is one group.
        var plan = new NormPlan(x.Shape[..at].Size, normalized.Size, 1, 1, epsilon);
        return Normalized(x, weight, bias, normalized, plan, out Tensor[] inputs, out Func<Tensor, Tensor>[] vjps,
            out _).Recorded(inputs, vjps);
    }
}
