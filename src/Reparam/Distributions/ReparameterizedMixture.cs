using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// A mixture with pathwise gradients with respect to the weights and the components. The choice of the component is not
/// differentiable. But for fixed noise u = F(z), the derivative of a draw is -(dF/dparameter) / p(z), where F and p
/// belong to the whole mixture (Graves 2016; Figurnov, Mohamed and Mnih 2018). For vectors the same rule is applied to
/// one coordinate after another, each given the coordinates before it.
/// </summary>
/// <remarks>
/// Gradients with respect to the weights, and other gradients that move mass from one component to another, are useless
/// where the components are far apart. A draw between two separated modes would have to cross the valley between them,
/// where the density p is nearly 0. There -(dF/dw) / p is very large. The gradient is unbiased, but its variance is too
/// large for any practical number of draws. Use a mixture whose components overlap, or <see cref="Mixture"/> with the
/// score function or with a sum over components.
/// </remarks>
public sealed class ReparameterizedMixture : ReparameterizedDistribution
{
    private readonly MixtureParts _parts;

    /// <summary>
    /// Creates the mixture from weights and components. The components are one-dimensional with a CDF, or they are a
    /// <see cref="DiagonalNormal"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes or the element types do not fit.</exception>
    /// <exception cref="NotSupportedException">The components are vectors but not a
    /// <see cref="DiagonalNormal"/>.</exception>
    public ReparameterizedMixture(Categorical weights, ReparameterizedDistribution components)
        : this(new MixtureParts(weights, components))
    {
        if (components.EventShape.Rank > 0 && components is not DiagonalNormal)
        {
            throw new NotSupportedException("Mixtures of vectors have pathwise gradients only for DiagonalNormal, " +
                $"not for {components.GetType().Name}. Use Mixture and the score function.");
        }
    }

    private ReparameterizedMixture(MixtureParts parts)
        : base(parts.BatchShape, parts.EventShape, parts.Components.DType) => _parts = parts;

    /// <summary>The weights.</summary>
    public Categorical Weights => _parts.Weights;

    /// <summary>The components, along the last axis of their batch.</summary>
    public ReparameterizedDistribution Components => (ReparameterizedDistribution)_parts.Components;

    /// <inheritdoc/>
    protected internal override Distribution? Widened => Components.Widened is ReparameterizedDistribution components
        ? new ReparameterizedMixture((Categorical)Weights.Widened!, components)
        : null;

    /// <summary>The support of the components.</summary>
    public override Support Support => _parts.Components.Support;

    /// <summary>The weighted mean of the means of the components.</summary>
    public override Tensor Mean => _parts.Mean;

    /// <summary>The weighted mean of the variances of the components plus the variance of their means.</summary>
    public override Tensor Variance => _parts.Variance;

    /// <inheritdoc/>
    protected internal override bool HasEntropy => false;

    /// <summary>
    /// A draw of the component that the weights choose, with the implicit gradient of the whole mixture.
    /// </summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default)
    {
        Tensor z = _parts.Draw(rng, sampleShape, DatumAxis(sampleShape, BatchShape));
        return EventShape.Rank == 0 ? z + Path(_parts.Tail(z, upper: false), _parts.LogProb(z).Exp())
            : Coordinates(z, (DiagonalNormal)_parts.Components);
    }

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

    /// <summary>Zeros that carry the gradient -dF / p.</summary>
    private static Tensor Path(Tensor cdf, Tensor density) => (-cdf / density.Detach()).GradientOnly();

    private Tensor Coordinates(Tensor z, DiagonalNormal components)
    {
        int size = EventShape[0];
        var parts = new Tensor[size];
        // log w_k given the coordinates so far. The gradients of these coordinates are included.
        Tensor logWeights = Weights.Logits;
        for (int d = 0; d < size; d++)
        {
            Normal component = new(Column(components.Loc, d), Column(components.Scale, d));
            Tensor held = Column(z, d), spread = held.Reshape(held.Shape + [1]);
            Tensor weights = logWeights.SoftMax(^1);
            Tensor path = Path(
                (weights * component.Cdf(spread)).Sum(^1), (weights * component.LogProb(spread).Exp()).Sum(^1));
            parts[d] = held + path;
            logWeights += component.LogProb(parts[d].Reshape(held.Shape + [1]));
        }

        return Tensor.Concat(^1, [.. parts.Select(p => p.Reshape(p.Shape + [1]))]);
    }

    private static Tensor Column(Tensor x, int d) => x.Slice(^1, d, 1).Reshape(x.Shape[..^1]);
}
