using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>What mixtures with and without pathwise gradients have in common: weights, and components along the last axis of their batch.</summary>
internal sealed class MixtureParts
{
    public MixtureParts(Categorical weights, Distribution components)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(components);
        if (components.BatchShape.Rank == 0 || components.BatchShape[^1] != weights.Count || components.DType != weights.DType)
        {
            throw new ArgumentException(
                $"A mixture of {weights.Count} components has them along the last axis of their batch, in {weights.DType}; got a {components.GetType().Name} of batch {components.BatchShape} in {components.DType}.");
        }

        BatchShape = Checked.Join(weights.BatchShape, components.BatchShape[..^1], "the batch of the weights", "that of the components");
        (Weights, Components) = (weights, components);
    }

    public Categorical Weights { get; }

    public Distribution Components { get; }

    public Shape BatchShape { get; }

    public Shape EventShape => Components.EventShape;

    public Tensor Mean => Averaged(Components.Mean);

    public Tensor Variance
    {
        get
        {
            // The mean of the variances and the variance of the means.
            Tensor mean = Mean, kept = mean.Reshape(BatchShape + [1] + EventShape);
            return Averaged(Components.Variance + (Components.Mean - kept).Square());
        }
    }

    /// <summary>A draw of each component, and of these the one that the weights choose; no gradient.</summary>
    public Tensor Draw(Rng rng, Shape sampleShape, int datumAxis)
    {
        ArgumentNullException.ThrowIfNull(rng);
        Tensor logits = Checked.To(Weights.Logits, BatchShape + [Weights.Count]);
        Tensor chosen = Categorical.NoisyLogits(logits, rng, sampleShape, datumAxis).ArgMax(^1).OneHot(Weights.Count);
        Tensor all = Components.Sample(rng, sampleShape + BatchShape[..(BatchShape.Rank - (Components.BatchShape.Rank - 1))]);
        Tensor picks = chosen.Reshape([.. chosen.Shape, .. Enumerable.Repeat(1, EventShape.Rank)]);
        return Tensor.Where(picks, all, 0).Sum(^(EventShape.Rank + 1)).Detach();
    }

    /// <summary>log sum_k w_k p_k(value).</summary>
    public Tensor LogProb(Tensor value) => (Components.LogProb(Spread(value)) + Weights.Logits).LogSumExp(^1);

    public Tensor Cdf(Tensor value) => (Components.Cdf(Spread(value)) * Weights.Probs).Sum(^1);

    /// <summary>An axis for the components between the batch and the event.</summary>
    public Tensor Spread(Tensor value)
    {
        int at = value.Rank - EventShape.Rank;
        return value.Reshape(value.Shape[..at] + [1] + value.Shape[at..]);
    }

    private Tensor Averaged(Tensor ofComponents)
    {
        Tensor weights = Weights.Probs.Reshape([.. Weights.Probs.Shape, .. Enumerable.Repeat(1, EventShape.Rank)]);
        return Checked.To((ofComponents * weights).Sum(^(EventShape.Rank + 1)), BatchShape + EventShape);
    }
}
