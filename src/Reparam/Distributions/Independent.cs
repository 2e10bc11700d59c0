using Reparam.Distributions.Divergences;
using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// Treats the last batch axes of a distribution as part of the event. Log-densities, entropies and divergences are
/// summed over these axes. <c>new Independent(new Bernoulli(logits), 2)</c> with logits [B, 28, 28] is a batch of B
/// images.
/// </summary>
public sealed class Independent : Distribution
{
    private const int MaximumListed = 1 << 20;

    private readonly int _axes;

    /// <summary>
    /// Moves the last <paramref name="axes"/> batch axes of <paramref name="components"/> into the event.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="axes"/> is negative, or there are fewer batch
    /// axes.</exception>
    public Independent(Distribution components, int axes)
        : base(Checked.NotNull(components).BatchShape[..^CheckedAxes(components, axes)],
            components.BatchShape[^axes..] + components.EventShape, components.DType)
    {
        Components = components;
        _axes = axes;
    }

    /// <summary>The number of batch axes that were moved into the event.</summary>
    internal int Axes => _axes;

    /// <summary>The distribution before its batch axes were moved.</summary>
    public Distribution Components { get; }

    /// <inheritdoc/>
    public override Support Support => Components.Support;

    /// <inheritdoc/>
    public override Tensor Mean => Components.Mean;

    /// <inheritdoc/>
    public override Tensor Variance => Components.Variance;

    /// <inheritdoc/>
    public override Tensor Mode => Components.Mode;

    /// <inheritdoc/>
    public override Tensor Sample(Rng rng, Shape sampleShape = default) => Components.Sample(rng, sampleShape);

    /// <inheritdoc/>
    public override Tensor? ElementLogProb(Tensor value) =>
        Components.EventShape.Rank == 0 ? Components.LogProb(value) : null;

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value) => Components.LogProbOver(value, _axes);

    /// <inheritdoc/>
    protected internal override Tensor LogProbOver(Tensor value, int axes) =>
        Components.LogProbOver(value, _axes + axes);

    /// <inheritdoc/>
    protected override Tensor EntropyCore() => SumEvent(Components.Entropy());

    /// <inheritdoc/>
    protected internal override bool KnowsItsSupport => Components.KnowsItsSupport;

    /// <inheritdoc/>
    protected internal override bool HasMoments => Components.HasMoments;

    /// <inheritdoc/>
    protected internal override bool HasEntropy => Components.HasEntropy;

    /// <summary>The sum of the divergences of the components, if they have a closed form.</summary>
    protected internal override Tensor? ClosedFormKL(Distribution other) =>
        other is Independent q && q._axes == _axes && KLDivergence.Exact(Components, q.Components) is { } kl
            ? SumEvent(kl) : null;

    /// <summary>
    /// Every combination of the values of the components, at most 2^20 combinations. The first component changes
    /// fastest.
    /// </summary>
    /// <exception cref="NotSupportedException">The values of the components cannot be listed, or there are too many
    /// combinations.</exception>
    public override Tensor EnumerateSupport()
    {
        Tensor values = Components.EnumerateSupport();
        int each = values.Shape[0], components = EventShape[.._axes].Size, one = Components.EventShape.Size;
        long total = 1;
        for (int i = 0; i < components && total <= MaximumListed; i++) total *= each;
        if (total > MaximumListed)
        {
            throw new NotSupportedException($"{components} components of {each} values each have more than " +
                $"{MaximumListed} combinations: too many to list.");
        }

        Shape shape = Shape.Create([(int)total, .. Enumerable.Repeat(1, BatchShape.Rank), .. EventShape]);
        Tensor all = Tensor.From(shape, listed =>
        {
            double[] single = new double[values.Size];
            for (int i = 0; i < single.Length; i++) single[i] = values.At(i);
            for (long row = 0; row < total; row++)
            {
                long digits = row;
                for (int c = 0; c < components; c++, digits /= each)
                {
                    Span<double> place = listed.AsSpan((int)((row * components + c) * one));
                    single.AsSpan((int)(digits % each) * one, one).CopyTo(place);
                }
            }
        });
        return all.To(DType);
    }

    private Tensor SumEvent(Tensor x) => x.SumFrom(^_axes);

    internal static int CheckedAxes(Distribution components, int axes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(axes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(axes, components.BatchShape.Rank);
        return axes;
    }
}
