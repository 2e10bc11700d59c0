using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// A mixture with pathwise gradients by weights and components alike. Which component a draw came from is no differentiable choice; but with the noise u = F(z) held, the derivative of a draw is -(dF/dparameter) / p(z), F and p those
/// of the whole mixture (Graves 2016; Figurnov, Mohamed and Mnih 2018). Of vectors the same holds for one coordinate after another, each given those before it.
/// </summary>
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
            throw new NotSupportedException($"Pathwise gradients of mixtures of vectors are known here for DiagonalNormal, not for {components.GetType().Name}. Use Mixture and the score function.");
    }

    private ReparameterizedMixture(MixtureParts parts)
        : base(parts.BatchShape, parts.EventShape, parts.Components.DType) => _parts = parts;

    /// <summary>The weights.</summary>
    public Categorical Weights => _parts.Weights;

    /// <summary>The components, along the last axis of their batch.</summary>
    public ReparameterizedDistribution Components => (ReparameterizedDistribution)_parts.Components;

    /// <summary>That of the components.</summary>
    public override Support Support => _parts.Components.Support;

    /// <summary>The weighted mean of the components' means.</summary>
    public override Tensor Mean => _parts.Mean;

    /// <summary>The weighted mean of the components' variances plus the variance of their means.</summary>
    public override Tensor Variance => _parts.Variance;

    /// <inheritdoc/>
    protected internal override bool HasEntropy => false;

    /// <summary>A draw of a component that the weights choose, with the implicit gradient of the whole mixture.</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default)
    {
        Tensor z = _parts.Draw(rng, sampleShape, DatumAxis(sampleShape, BatchShape));
        return EventShape.Rank == 0 ? z + Path(_parts.Cdf(z), _parts.LogProb(z).Exp()) : Coordinates(z, (DiagonalNormal)_parts.Components);
    }

    /// <inheritdoc/>
    public override Tensor LogProb(Tensor value) => _parts.LogProb(value);

    /// <summary>There is no closed form.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Tensor Entropy() => throw new NotSupportedException("The entropy of a mixture has no closed form. Average -LogProb over draws.");

    /// <summary>The weighted mean of the components' CDFs.</summary>
    public override Tensor Cdf(Tensor value) => _parts.Cdf(value);

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
            Tensor path = Path((weights * component.Cdf(spread)).Sum(^1), (weights * component.LogProb(spread).Exp()).Sum(^1));
            parts[d] = held + path;
            logWeights += component.LogProb(parts[d].Reshape(held.Shape + [1]));
        }

        return Tensor.Concat(^1, [.. parts.Select(p => p.Reshape(p.Shape + [1]))]);
    }

    private static Tensor Column(Tensor x, int d) => x.Slice(^1, d, 1).Reshape(x.Shape[..^1]);
}
