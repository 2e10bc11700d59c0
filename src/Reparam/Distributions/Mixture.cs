using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// A mixture: log p(x) = log sum_k w_k p_k(x). The components are one distribution with a batch, and they lie along the
/// last axis of that batch. For example, a mixture of discretised logistics is <c>new Mixture(new Categorical(logits),
/// new DiscretizedLogistic(loc, logScale))</c>, where all tensors have the shape batch + [M]. For mixtures with
/// pathwise gradients use <see cref="ReparameterizedMixture"/>.
/// </summary>
public sealed class Mixture : Distribution
{
    private readonly MixtureParts _parts;

    /// <summary>
    /// Creates a mixture of <paramref name="components"/> of shape batch + [M]. <paramref name="weights"/> has M
    /// outcomes, which choose the component.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes or the element types do not fit.</exception>
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

    /// <summary>
    /// The support of the components. All components of a mixture are expected to have the same support.
    /// </summary>
    public override Support Support => _parts.Components.Support;

    /// <summary>The weighted mean of the means of the components.</summary>
    public override Tensor Mean => _parts.Mean;

    /// <summary>The weighted mean of the variances of the components plus the variance of their means.</summary>
    public override Tensor Variance => _parts.Variance;

    /// <inheritdoc/>
    protected internal override bool HasEntropy => false;

    /// <inheritdoc/>
    public override Tensor Sample(Rng rng, Shape sampleShape = default) =>
        _parts.Draw(rng, sampleShape, DatumAxis(sampleShape, BatchShape));

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value) => _parts.LogProb(value);

    /// <summary>The weighted sum of the tails of the components.</summary>
    protected override Tensor TailCore(Tensor value, bool upper) => _parts.Tail(value, upper);

    /// <inheritdoc/>
    protected override Tensor LogTailCore(Tensor value, bool upper) => _parts.LogTail(value, upper);

    /// <summary>
    /// The quantile, found by bisection between the smallest and the largest quantile of a component. Gradients are
    /// implicit.
    /// </summary>
    protected override Tensor InverseCdfCore(Tensor probability) => _parts.Quantile(probability);

    /// <inheritdoc/>
    public override Tensor EnumerateSupport()
    {
        Tensor values = Components.EnumerateSupport();
        // All components share their values, so the axis of the components is removed.
        int at = values.Rank - EventShape.Rank - 1;
        return values.Reshape(values.Shape[..at] + values.Shape[(at + 1)..]);
    }
}
