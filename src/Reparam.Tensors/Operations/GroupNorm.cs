using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// Group normalisation (Wu and He 2018) of x [B, C, ...]: the C channels of each example are divided into
    /// <paramref name="groups"/> groups of consecutive channels, of equal size. y = (x - mean) / sqrt(variance +
    /// epsilon) * weight + bias, with the mean and the biased variance over all elements of a group. weight and bias
    /// have shape [C] or are null. Gradients flow to x, weight and bias, also through the mean and the variance.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not fit, epsilon is not positive, or the number of channels is
    /// not a multiple of the number of groups.</exception>
    public static Tensor GroupNorm(
        Tensor x, int groups, Tensor? weight = null, Tensor? bias = null, double epsilon = 1e-5)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(groups);
        if (x.Rank < 2 || x.Shape[1] % groups != 0)
        {
            throw new ArgumentException(
                $"GroupNorm needs x [B, C, ...] with C a multiple of the {groups} groups; got {x.Shape}.", nameof(x));
        }

        var plan = new NormPlan(x.Shape[0], x.Shape[1], x.Shape[2..].Size, groups, epsilon);
        return Normalized(x, weight, bias, [x.Shape[1]], plan, out Tensor[] inputs, out Func<Tensor, Tensor>[] vjps,
            out _).Recorded(inputs, vjps);
    }

    /// <summary>The normalisation that a plan describes, with the inputs and vector-Jacobian products to record.
    /// <paramref name="statistics"/> [3, sets] contains the means, the inverse standard deviations and the
    /// variances.</summary>
    private static Tensor Normalized(
        Tensor x, Tensor? weight, Tensor? bias, Shape parameterShape, NormPlan plan, out Tensor[] inputs,
        out Func<Tensor, Tensor>[] vjps, out Tensor statistics)
    {
        if (!(plan.Epsilon > 0))
            throw new ArgumentException($"The epsilon of a normalisation must be positive; got {plan.Epsilon}.");
        foreach (Tensor parameter in (
            Tensor[])[.. weight is null ? [] : (Tensor[])[weight], .. bias is null ? [] : (Tensor[])[bias]])
        {
            RequireSameType(x, parameter);
            if (parameter.Shape != parameterShape)
            {
                throw new ArgumentException(
                    $"The weight and bias must have shape {parameterShape}; got {parameter.Shape}.");
            }
        }

        Tensor y = Uninitialized(x.Shape, x.DType), computed = Uninitialized([3, plan.Sets], x.DType);
        Backend.Current.Normalize(x.Buffer, weight?.Buffer, bias?.Buffer, y.Buffer, computed.Buffer, plan);
        inputs = [x, .. weight is null ? [] : (Tensor[])[weight], .. bias is null ? [] : (Tensor[])[bias]];
        statistics = computed;
        vjps = Together(inputs.Length, g =>
        {
            Tensor dx = Uninitialized(x.Shape, x.DType);
            Tensor? byWeight = weight is null ? null : Uninitialized([plan.Outer, plan.Channels], x.DType);
            // If a channel has one element, the sum over the channel is that element.
            Tensor? byBias = bias is null ? null : plan.Inner == 1 ? g.View([plan.Outer, plan.Channels])
                : Uninitialized([plan.Outer, plan.Channels], x.DType);
            Backend.Current.NormalizeGradient(
                g.Buffer, x.Buffer, weight?.Buffer, computed.Buffer, dx.Buffer, byWeight?.Buffer,
                plan.Inner == 1 ? null : byBias?.Buffer, plan);
            List<Tensor> gradients = [dx];
            if (byWeight is not null) gradients.Add(byWeight.SumTo([plan.Channels]).View(parameterShape));
            if (byBias is not null) gradients.Add(byBias.SumTo([plan.Channels]).View(parameterShape));
            return gradients;
        });
        return y;
    }
}
