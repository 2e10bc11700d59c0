using Reparam.Distributions.Bijectors;
using Reparam.Distributions.Divergences;
using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The distribution of y = f(x) for x of a base distribution and an invertible map f: log p(y) = log p_X(x) - log |det
/// dy/dx|. Draws are the images of the base's draws, with pathwise gradients by the parameters of both.
/// </summary>
public sealed class TransformedDistribution : ReparameterizedDistribution
{
    private readonly int _joined;

    /// <summary>The image of <paramref name="distribution"/> under <paramref name="map"/>. Where the map's events have
    /// more axes than the distribution's, the last batch axes join the event.</summary>
    /// <exception cref="ArgumentException">The distribution has too few axes for the map.</exception>
    public TransformedDistribution(ReparameterizedDistribution distribution, Bijector map)
        : this(Checked.NotNull(distribution), Checked.NotNull(map),
            Math.Max(0, map.EventRank - distribution.EventShape.Rank))
    {
    }

    private TransformedDistribution(ReparameterizedDistribution distribution, Bijector map, int joined)
        : base(Batch(distribution, joined),
            map.ForwardShape(distribution.BatchShape[^joined..] + distribution.EventShape), distribution.DType)
    {
        Origin = distribution;
        Map = map;
        _joined = joined;
    }

    /// <summary>The distribution of x.</summary>
    public ReparameterizedDistribution Origin { get; }

    /// <summary>The invertible map f.</summary>
    public Bijector Map { get; }

    /// <summary>The real line in each element: f may be onto less, which only it knows.</summary>
    public override Support Support => Support.Real(DType);

    /// <summary>There is no closed form.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Tensor Mean =>
        throw new NotSupportedException("The mean of a transformed distribution has no closed form. Average draws.");

    /// <summary>There is no closed form.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Tensor Variance => throw new NotSupportedException(
        "The variance of a transformed distribution has no closed form. Average draws.");

    /// <inheritdoc/>
    protected internal override bool KnowsItsSupport => false;

    /// <inheritdoc/>
    protected internal override bool HasMoments => false;

    /// <inheritdoc/>
    protected internal override bool HasEntropy => false;

    /// <inheritdoc/>
    public override Tensor RSample(Rng rng, Shape sampleShape = default) =>
        Map.Forward(Origin.RSample(rng, sampleShape)).Y;

    /// <inheritdoc/>
    protected internal override bool ScoresItsDraws => true;

    /// <summary>The image of the origin's mean: not the mean of the image, but a point for each member to stand for
    /// it.</summary>
    public Tensor Centre => Map.Forward(Origin.Mean).Y;

    /// <summary>Draws and their log-densities without inverting the map: what a flow posterior needs, whose inverse may
    /// be slow.</summary>
    public override (Tensor Value, Tensor LogProb) RSampleWithLogProb(Rng rng, Shape sampleShape = default)
    {
        Tensor x = Origin.RSample(rng, sampleShape);
        (Tensor y, Tensor logDet) = Map.Forward(x);
        return (y, OriginLogProb(x) - OverEvent(logDet));
    }

    /// <summary>log p_X(f^-1(value)) + log |det df^-1/dvalue|; -infinity for a value that is the image of no finite
    /// x.</summary>
    protected override Tensor LogProbCore(Tensor value)
    {
        (Tensor x, Tensor logDet) = Map.Inverse(value);
        double largest = DType == DType.Float32 ? float.MaxValue : double.MaxValue;
        Tensor finite = Formulas.Within(x, -largest, largest), outside = (1 - finite).SumFrom(^EventShape.Rank);
        Tensor logProb = Tensor.Where(
            Tensor.Less(outside, 0.5), OriginLogProb(Tensor.Where(finite, x, 0)) + OverEvent(logDet),
            double.NegativeInfinity);
        Tensor known = Tensor.Less(Formulas.IsNaN(value).SumFrom(^EventShape.Rank), 0.5);
        return Tensor.Where(known, logProb, double.NaN);
    }

    /// <summary>Against the image of another distribution under the same map: that of the two, since KL does not notice
    /// an invertible map.</summary>
    protected internal override Tensor? ClosedFormKL(Distribution other) =>
        other is TransformedDistribution p && ReferenceEquals(Map, p.Map)
            && KLDivergence.Exact(Origin, p.Origin) is { } kl ? kl.SumFrom(^_joined) : null;

    private Tensor OriginLogProb(Tensor x) => Origin.LogProbOver(x, _joined);

    /// <summary>The log-determinant summed over what of the event the map does not see as its own.</summary>
    private Tensor OverEvent(Tensor logDet) =>
        logDet.SumFrom(^Math.Max(0, _joined + Origin.EventShape.Rank - Map.EventRank));

    private static Shape Batch(ReparameterizedDistribution distribution, int joined) =>
        joined <= distribution.BatchShape.Rank
        ? distribution.BatchShape[..^joined]
        : throw new ArgumentException(
            $"The map takes events of {joined + distribution.EventShape.Rank} axes; a {distribution.GetType().Name} " +
            $"of batch {distribution.BatchShape} and event {distribution.EventShape} has fewer.");
}
