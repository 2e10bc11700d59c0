using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// Group normalisation (Wu and He 2018) of x [B, C, ...]: the C channels of each datum fall into
    /// <paramref name="groups"/> runs of equal length, each with the mean and the biased variance of all its elements;
    /// y = (x - mean) / sqrt(variance + epsilon) * weight + bias, weight and bias [C] or none. Gradients reach x,
    /// weight and bias, through the mean and the variance too.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not fit, or the channels do not divide into the
    /// groups.</exception>
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

    /// <summary>The normalisation that a plan describes and what there is to record of it;
    /// <paramref name="statistics"/> [3, sets] holds means, inverse deviations and variances.</summary>
    private static Tensor Normalized(
        Tensor x, Tensor? weight, Tensor? bias, Shape parameterShape, NormPlan plan, out Tensor[] inputs,
        out Func<Tensor, Tensor>[] vjps, out Tensor statistics)
    {
        if (!(plan.Epsilon > 0))
            throw new ArgumentException($"The epsilon of a normalisation is positive, not {plan.Epsilon}.");
        foreach (Tensor parameter in (
            Tensor[])[.. weight is null ? [] : (Tensor[])[weight], .. bias is null ? [] : (Tensor[])[bias]])
        {
            RequireSameType(x, parameter);
            if (parameter.Shape != parameterShape)
            {
                throw new ArgumentException(
                    $"The weight and bias of this normalisation have shape {parameterShape}, not {parameter.Shape}.");
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
            // Where a channel is one element, its sum is that element.
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
