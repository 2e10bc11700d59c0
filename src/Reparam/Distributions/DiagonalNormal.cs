using Reparam.Distributions.Divergences;
using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// A normal distribution over vectors with independent components: N(loc, diag(scale^2)). loc and scale have the shape
/// batch + [Z]. It is the recognition model and the prior of Kingma and Welling (2013).
/// </summary>
public sealed class DiagonalNormal : ReparameterizedDistribution
{
    private readonly Normal _components;

    /// <summary>
    /// Creates the distribution from the location and the scale (standard deviation, positive), both of shape batch +
    /// [Z].
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, both parameters are scalars, or a scale is not
    /// positive.</exception>
    public DiagonalNormal(Tensor loc, Tensor scale)
        : this(new Normal(loc, scale))
    {
    }

    private DiagonalNormal(Normal components)
        : base(Batch(components), components.BatchShape[^1..], components.DType) => _components = components;

    private static Shape Batch(Normal components) => components.BatchShape.Rank > 0
        ? components.BatchShape[..^1]
        : throw new ArgumentException("DiagonalNormal needs the components of its vectors along the last axis of loc " +
            "and scale, but both are scalars. Use Normal for one number, or give loc and scale the shape [1].");

    /// <summary>The same distribution with every component as a separate batch member.</summary>
    internal Normal Components => _components;

    /// <summary>The location. It is the mean.</summary>
    public Tensor Loc => _components.Loc;

    /// <summary>The standard deviation of each component.</summary>
    public Tensor Scale => _components.Scale;

    /// <summary>
    /// The logarithm of <see cref="Scale"/>. If the scale was computed from its logarithm, this is that logarithm,
    /// without rounding.
    /// </summary>
    public Tensor LogScale => _components.LogScale;

    /// <inheritdoc/>
    public override Support Support => Support.Real(DType);

    /// <inheritdoc/>
    public override Tensor Mean => Loc;

    /// <inheritdoc/>
    public override Tensor Variance => _components.Variance;

    /// <inheritdoc/>
    public override Tensor Mode => Loc;

    /// <summary>N(0, I) over vectors of length <paramref name="size"/>. There are no batch axes.</summary>
    public static DiagonalNormal Standard(int size, DType dtype = DType.Float32) =>
        FromLogVariance(Tensor.Zeros([size], dtype), Tensor.Zeros([size], dtype));

    /// <summary>
    /// Creates the distribution from the location and the log-variance: scale = exp(logVariance / 2). This is the
    /// parametrisation of the encoder of Kingma and Welling (2013).
    /// </summary>
    public static DiagonalNormal FromLogVariance(Tensor loc, Tensor logVariance) =>
        new(Normal.FromLogVariance(loc, logVariance));

    /// <summary>The same distribution, with parameters that no tape and no scope owns.</summary>
    internal DiagonalNormal Keep() => new(_components.Keep());

    /// <summary>loc + scale e with e ~ N(0, I): d/dloc = 1, d/dscale = e.</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default) =>
        Tensor.NormalSample(Loc, Scale, rng, sampleShape, DatumAxis(sampleShape, BatchShape));

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value) => _components.LogProbOver(value, 1);

    /// <inheritdoc/>
    protected override Tensor EntropyCore() => _components.Entropy().Sum(^1);

    /// <summary>
    /// KL(this || other) for each component, of shape batch + [Z]. With other = N(0, I) it is 0.5 (loc^2 + scale^2 - 1
    /// - log scale^2), as in appendix B of Kingma and Welling (2013).
    /// </summary>
    public Tensor ComponentwiseKL(DiagonalNormal other) => _components.ClosedFormKL(other._components)!;

    /// <inheritdoc/>
    protected internal override Tensor? ClosedFormKL(Distribution other) => other switch
    {
        DiagonalNormal p => _components.KLOver(p._components, 1),
        ReparameterizedIndependent { Components: Normal components, EventShape.Rank: 1 } => _components.KLOver(
            components, 1),
        Independent { Axes: 1, EventShape.Rank: 1 } p => KLDivergence.Exact(_components, p.Components)?.Sum(^1),
        ReparameterizedIndependent { EventShape.Rank: 1, Components.EventShape.Rank: 0 } p => KLDivergence.Exact(
            _components, p.Components)?.Sum(^1),
        _ => MultivariateNormal.FamilyKL(this, other),
    };
}
