using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// Reads the last axes of a distribution's batch as part of the event: log-densities, entropies and divergences are summed
/// over them. <c>new Independent(new Bernoulli(logits), 2)</c> with logits [B, 28, 28] is a batch of B images.
/// </summary>
public sealed class Independent : Distribution
{
    private readonly int _axes;

    /// <summary>Moves the last <paramref name="axes"/> batch axes of <paramref name="components"/> into the event.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer batch axes.</exception>
    public Independent(Distribution components, int axes)
        : base(components.BatchShape[..^Checked(components, axes)], components.BatchShape[^axes..] + components.EventShape, components.DType)
    {
        Components = components;
        _axes = axes;
    }

    /// <summary>The distribution before its axes were joined.</summary>
    public Distribution Components { get; }

    /// <inheritdoc/>
    public override Tensor Mean => Components.Mean;

    /// <inheritdoc/>
    public override Tensor Sample(Rng rng, Shape sampleShape = default) => Components.Sample(rng, sampleShape);

    /// <inheritdoc/>
    public override Tensor LogProb(Tensor value) => Components.LogProbOver(value, _axes);

    /// <inheritdoc/>
    protected internal override Tensor LogProbOver(Tensor value, int axes) => Components.LogProbOver(value, _axes + axes);

    /// <inheritdoc/>
    public override Tensor Entropy() => SumEvent(Components.Entropy());

    /// <summary>The sum of the components' divergences, where they have a closed form.</summary>
    protected internal override Tensor? ClosedFormKL(Distribution other) =>
        other is Independent q && q._axes == _axes && Components.ClosedFormKL(q.Components) is { } kl ? SumEvent(kl) : null;

    private Tensor SumEvent(Tensor x) => x.SumFrom(^_axes);

    private static int Checked(Distribution components, int axes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(axes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(axes, components.BatchShape.Rank);
        return axes;
    }
}
