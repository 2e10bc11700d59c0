using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// A mixture with pathwise gradients by weights and components alike. Which component a draw came from is no
/// differentiable choice; but with the noise u = F(z) held, the derivative of a draw is -(dF/dparameter) / p(z), F and
/// p those of the whole mixture (Graves 2016; Figurnov, Mohamed and Mnih 2018). Of vectors the same holds for one
/// coordinate after another, each given those before it.
/// </summary>
/// <remarks>
/// Gradients by the weights, and by what moves mass from one component to another, are useless where components are far
/// apart. A draw between two
/// parted modes would have to cross the valley between them, where the density p is nearly 0, so that -(dF/dw) / p is
/// as large as the
/// valley is deep: unbiased, with a variance that no number of draws averages away. Use a mixture whose components
/// overlap, or
/// <see cref="Mixture"/> with the score function or with a sum over components.
/// </remarks>
public sealed class ReparameterizedMixture : ReparameterizedDistribution
{
    private readonly MixtureParts _parts;

    /// <summary>Of components of one dimension that have a CDF, or of <see cref="DiagonalNormal"/>s.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    /// <exception cref="NotSupportedException">The components are vectors, and no diagonal normals.</exception>
    public ReparameterizedMixture(Categorical weights, ReparameterizedDistribution components)
        : this(new MixtureParts(weights, components))
    {
        if (components.EventShape.Rank > 0 && components is not DiagonalNormal)
        {
            throw new NotSupportedException("Pathwise gradients of mixtures of vectors are known here for " +
                $"DiagonalNormal, not for {components.GetType().Name}. Use Mixture and the score function.");
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

    /// <summary>That of the components.</summary>
    public override Support Support => _parts.Components.Support;

    /// <summary>The weighted mean of the components' means.</summary>
    public override Tensor Mean => _parts.Mean;

    /// <summary>The weighted mean of the components' variances plus the variance of their means.</summary>
    public override Tensor Variance => _parts.Variance;

    /// <inheritdoc/>
    protected internal override bool HasEntropy => false;

    /// <summary>A draw of a component that the weights choose, with the implicit gradient of the whole
    /// mixture.</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default)
    {
        Tensor z = _parts.Draw(rng, sampleShape, DatumAxis(sampleShape, BatchShape));
        return EventShape.Rank == 0 ? z + Path(_parts.Tail(z, upper: false), _parts.LogProb(z).Exp())
            : Coordinates(z, (DiagonalNormal)_parts.Components);
    }

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value) => _parts.LogProb(value);

    /// <summary>The weighted sum of the components' tails.</summary>
    protected override Tensor TailCore(Tensor value, bool upper) => _parts.Tail(value, upper);

    /// <inheritdoc/>
    protected override Tensor LogTailCore(Tensor value, bool upper) => _parts.LogTail(value, upper);

    /// <summary>By halving between the least and the largest quantile of a component; gradients are implicit.</summary>
    protected override Tensor InverseCdfCore(Tensor probability) => _parts.Quantile(probability);

    /// <summary>Zeros with the gradient -dF / p.</summary>
    private static Tensor Path(Tensor cdf, Tensor density) => (-cdf / density.Detach()).GradientOnly();

    private Tensor Coordinates(Tensor z, DiagonalNormal components)
    {
        int size = EventShape[0];
        var parts = new Tensor[size];
        // log w_k given the coordinates so far, whose own gradients take part.
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
