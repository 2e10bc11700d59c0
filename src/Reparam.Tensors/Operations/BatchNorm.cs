using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// Batch normalisation (Ioffe and Szegedy 2015) of x [B, C, ...] with the statistics of this batch, as in training:
    /// y = (x - mean) / sqrt(variance + epsilon) * weight + bias, with the mean and the biased variance of each channel
    /// over all other axes. weight and bias have shape [C] or are null. Gradients flow to x, weight and bias, also
    /// through the mean and the variance. The returned statistics, [C] each, carry no gradient.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not fit, epsilon is not positive, or a channel has fewer than
    /// two elements, so that its variance has no meaning.</exception>
    public static (Tensor Y, Tensor Mean, Tensor Variance) BatchNorm(
        Tensor x, Tensor? weight = null, Tensor? bias = null, double epsilon = 1e-5)
    {
        ArgumentNullException.ThrowIfNull(x);
        RequireChannels(x);
        int batch = x.Shape[0], channels = x.Shape[1], inner = x.Shape[2..].Size;
        if ((long)batch * inner < 2)
        {
            throw new ArgumentException(
                $"BatchNorm needs at least two elements per channel for the variance; x is {x.Shape}.", nameof(x));
        }

        if (inner == 1 && x.Rank == 2) return OfColumns(x, weight, bias, epsilon);
        // With the channel axis before the batch axis, the elements of each channel are contiguous.
        Tensor byChannel = x.Reshape([batch, channels, inner]).Permute(1, 0, 2).Reshape([1, channels, batch * inner]);
        var plan = new NormPlan(1, channels, batch * inner, channels, epsilon);
        Tensor y = Normalized(byChannel, weight, bias, [channels], plan, out Tensor[] inputs,
            out Func<Tensor, Tensor>[] vjps, out Tensor statistics).Recorded(inputs, vjps);
        Tensor back = y.Reshape([channels, batch, inner]).Permute(1, 0, 2).Reshape(x.Shape);
        int[] strides = RowMajorStrides(statistics.Shape);
        return (back, statistics.Strided([channels], [1], 0), statistics.Strided([channels], [1], 2 * strides[0]));
    }

    /// <summary>
    /// Batch normalisation with given statistics, as after training: y = (x - mean) / sqrt(variance + epsilon) * weight
    /// + bias. For x [B, C, ...], the mean, variance, weight and bias have shape [C]; weight and bias may be null.
    /// Gradients flow to x, weight and bias; the statistics are constants.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor BatchNorm(
        Tensor x, Tensor mean, Tensor variance, Tensor? weight, Tensor? bias, double epsilon = 1e-5)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(variance);
        RequireChannels(x);
        Shape channels = [x.Shape[1]],
            against = Shape.Create([x.Shape[1], .. Enumerable.Repeat(1, x.Rank - 2).ToArray()]);
        foreach (Tensor? given in (Tensor?[])[mean, variance, weight, bias])
        {
            if (given is not null && given.Shape != channels)
            {
                throw new ArgumentException($"BatchNorm of x {x.Shape} needs mean, variance, weight and bias of " +
                    $"shape {channels}, not {given.Shape}.");
            }
        }

        Tensor inverse = Apply(
            UnaryKernel.Reciprocal, Apply(UnaryKernel.Sqrt, Apply(UnaryKernel.Affine, variance, 1, epsilon)));
        Tensor y = (x - mean.Detach().Reshape(against)) * (weight is null ? inverse : inverse * weight)
            .Reshape(against);
        return bias is null ? y : y + bias.Reshape(against);
    }

    /// <summary>
    /// Batch normalisation of x [B, C] in its own layout, without a transpose. With n = (x - mean) / sqrt(variance +
    /// epsilon) and h = g weight: dx = (h - mean(h) - n mean(h n)) / sqrt(variance + epsilon), dweight = sum g n, dbias
    /// = sum g, with means and sums over the batch.
    /// </summary>
    private static (Tensor Y, Tensor Mean, Tensor Variance) OfColumns(
        Tensor x, Tensor? weight, Tensor? bias, double epsilon)
    {
        if (!(epsilon > 0)) throw new ArgumentException($"The epsilon of BatchNorm must be positive; got {epsilon}.");
        foreach (Tensor? parameter in (Tensor?[])[weight, bias])
        {
            if (parameter is null) continue;
            RequireSameType(x, parameter);
            if (parameter.Shape != [x.Shape[1]])
            {
                throw new ArgumentException(
                    $"The weight and bias must have shape [{x.Shape[1]}]; got {parameter.Shape}.");
            }
        }

        // Detached, because the normalisation is recorded as one operation.
        Tensor data = x.Detach();
        double share = 1.0 / x.Shape[0];
        Tensor mean = data.Sum(0) * share, centred = data - mean, variance = centred.Square().Sum(0) * share;
        Tensor inverse = Apply(
            UnaryKernel.Reciprocal, Apply(UnaryKernel.Sqrt, Apply(UnaryKernel.Affine, variance, 1, epsilon)));
        Tensor normal = centred * inverse, y = weight is null ? normal : normal * weight.Detach();
        if (bias is not null) y += bias.Detach();
        Tensor[] inputs = [x, .. weight is null ? [] : (Tensor[])[weight], .. bias is null ? [] : (Tensor[])[bias]];
        Func<Tensor, Tensor>[] vjps = Together(inputs.Length, g =>
        {
            Tensor sum = g.Sum(0), along = (g * normal).Sum(0), slope = weight is null ? inverse
                : inverse * weight.Detach();
            List<Tensor> gradients = [(g - sum * share - normal * (along * share)) * slope];
            if (weight is not null) gradients.Add(along);
            if (bias is not null) gradients.Add(sum);
            return gradients;
        });
        return (y.Detach().Recorded(inputs, vjps, nameof(BatchNorm)), mean, variance);
    }

    private static void RequireChannels(Tensor x)
    {
        if (x.Rank < 2) throw new ArgumentException($"BatchNorm needs x [B, C, ...]; got {x.Shape}.", nameof(x));
    }
}
