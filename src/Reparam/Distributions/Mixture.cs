using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// A mixture: log p(x) = log sum_k w_k p_k(x). The components are one distribution with a batch whose last axis they
/// lie along: a mixture of discretised logistics is <c>new Mixture(new Categorical(logits), new
/// DiscretizedLogistic(loc, logScale))</c> with all of shape batch + [M]. For mixtures with pathwise gradients see
/// <see cref="ReparameterizedMixture"/>.
/// </summary>
public sealed class Mixture : Distribution
{
    private readonly MixtureParts _parts;

    /// <summary>Of <paramref name="components"/> of batch + [M], chosen by <paramref name="weights"/> over M
    /// outcomes.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public Mixture(Categorical weights, Distribution components)
        : this(new MixtureParts(weights, components))
    {
    }

    private Mixture(MixtureParts parts)
        : base(parts.BatchShape, parts.EventShape, parts.Components.DType) => _parts = parts;

    /// <summary>The weights.</summary>
    public Categorical Weights => _parts.Weights;

    /// <summary>The components, along the last axis of their batch.</summary>
    public Distribution Components => _parts.Components;

    /// <inheritdoc/>
    protected internal override Distribution? Widened =>
        Components.Widened is { } components ? new Mixture((Categorical)Weights.Widened!, components) : null;

    /// <summary>That of the first component: components of one mixture live on one set.</summary>
    public override Support Support => _parts.Components.Support;

    /// <summary>The weighted mean of the components' means.</summary>
    public override Tensor Mean => _parts.Mean;

    /// <summary>The weighted mean of the components' variances plus the variance of their means.</summary>
    public override Tensor Variance => _parts.Variance;

    /// <inheritdoc/>
    protected internal override bool HasEntropy => false;

    /// <inheritdoc/>
    public override Tensor Sample(Rng rng, Shape sampleShape = default) =>
        _parts.Draw(rng, sampleShape, DatumAxis(sampleShape, BatchShape));

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value) => _parts.LogProb(value);

    /// <summary>The weighted sum of the components' tails.</summary>
    protected override Tensor TailCore(Tensor value, bool upper) => _parts.Tail(value, upper);

    /// <inheritdoc/>
    protected override Tensor LogTailCore(Tensor value, bool upper) => _parts.LogTail(value, upper);

    /// <summary>By halving between the least and the largest quantile of a component; gradients are implicit.</summary>
    protected override Tensor InverseCdfCore(Tensor probability) => _parts.Quantile(probability);

    /// <inheritdoc/>
    public override Tensor EnumerateSupport()
    {
        Tensor values = Components.EnumerateSupport();
        // The components share their values: their axis goes.
        int at = values.Rank - EventShape.Rank - 1;
        return values.Reshape(values.Shape[..at] + values.Shape[(at + 1)..]);
    }
}
