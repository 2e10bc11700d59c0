using Reparam.Distributions.Divergences;
using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// <see cref="Independent"/> for components with pathwise gradients. The last batch axes of the components become part
/// of the event, and <c>RSample</c> is kept.
/// </summary>
public sealed class ReparameterizedIndependent : ReparameterizedDistribution
{
    private readonly int _axes;

    /// <summary>
    /// Moves the last <paramref name="axes"/> batch axes of <paramref name="components"/> into the event.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="axes"/> is negative, or there are fewer batch
    /// axes.</exception>
    public ReparameterizedIndependent(ReparameterizedDistribution components, int axes)
        : base(Checked.NotNull(components).BatchShape[..^Independent.CheckedAxes(components, axes)],
            components.BatchShape[^axes..] + components.EventShape, components.DType)
    {
        Components = components;
        _axes = axes;
    }

    /// <summary>The distribution before its batch axes were moved.</summary>
    public ReparameterizedDistribution Components { get; }

    /// <inheritdoc/>
    public override Support Support => Components.Support;

    /// <inheritdoc/>
    public override Tensor Mean => Components.Mean;

    /// <inheritdoc/>
    public override Tensor Variance => Components.Variance;

    /// <inheritdoc/>
    public override Tensor Mode => Components.Mode;

    /// <inheritdoc/>
    public override Tensor RSample(Rng rng, Shape sampleShape = default) => Components.RSample(rng, sampleShape);

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value) => Components.LogProbOver(value, _axes);

    /// <inheritdoc/>
    protected internal override Tensor LogProbOver(Tensor value, int axes) =>
        Components.LogProbOver(value, _axes + axes);

    /// <inheritdoc/>
    protected override Tensor EntropyCore() => Components.Entropy().SumFrom(^_axes);

    /// <inheritdoc/>
    protected internal override bool KnowsItsSupport => Components.KnowsItsSupport;

    /// <inheritdoc/>
    protected internal override bool HasMoments => Components.HasMoments;

    /// <inheritdoc/>
    protected internal override bool HasEntropy => Components.HasEntropy;

    /// <summary>The sum of the divergences of the components, if they have a closed form.</summary>
    protected internal override Tensor? ClosedFormKL(Distribution other) => other switch
    {
        ReparameterizedIndependent p when p._axes == _axes => KLDivergence.Exact(
            Components, p.Components)?.SumFrom(^_axes),
        DiagonalNormal p when _axes == 1 && Components is Normal => KLDivergence.Exact(
            Components, p.Components)?.SumFrom(^1),
        _ => MultivariateNormal.FamilyKL(this, other),
    };
}
