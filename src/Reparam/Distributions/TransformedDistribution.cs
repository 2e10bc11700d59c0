using Reparam.Distributions.Bijectors;
using Reparam.Distributions.Divergences;
using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The distribution of y = f(x), where x has a base distribution and f is an invertible map: log p(y) = log p_X(x) -
/// log |det dy/dx|. A draw is the image of a draw of the base distribution. It has pathwise gradients with respect to
/// the parameters of the base distribution and of the map.
/// </summary>
public sealed class TransformedDistribution : ReparameterizedDistribution
{
    private readonly int _joined;

    /// <summary>
    /// Creates the image of <paramref name="distribution"/> under <paramref name="map"/>. If the events of the map have
    /// more axes than the events of the distribution, the last batch axes are moved into the event.
    /// </summary>
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

    /// <summary>The real line for each element. The image of f may be smaller; only f knows it.</summary>
    public override Support Support => Support.Real(DType);

    /// <summary>Not supported: the mean has no closed form.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Tensor Mean =>
        throw new NotSupportedException(
            "The mean of a transformed distribution has no closed form. Estimate it as the average over draws.");

    /// <summary>Not supported: the variance has no closed form.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Tensor Variance => throw new NotSupportedException(
        "The variance of a transformed distribution has no closed form. Estimate it as the average over draws.");

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

    /// <summary>
    /// The mean of the base distribution (<see cref="Origin"/>), mapped by <see cref="Map"/>. It is not the mean of the
    /// transformed distribution, but it gives one representative point for each batch member.
    /// </summary>
    public Tensor Centre => Map.Forward(Origin.Mean).Y;

    /// <summary>
    /// Draws and their log-densities, computed without the inverse of the map. A flow posterior needs this method,
    /// because its inverse may be slow.
    /// </summary>
    public override (Tensor Value, Tensor LogProb) RSampleWithLogProb(Rng rng, Shape sampleShape = default)
    {
        Tensor x = Origin.RSample(rng, sampleShape);
        (Tensor y, Tensor logDet) = Map.Forward(x);
        return (y, OriginLogProb(x) - OverEvent(logDet));
    }

    /// <summary>
    /// log p_X(f^-1(value)) + log |det df^-1/dvalue|. It is -infinity if the value is not the image of a finite x.
    /// </summary>
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

    /// <summary>
    /// The KL divergence to the image of another distribution under the same map. It equals the KL divergence of the
    /// two base distributions, because an invertible map does not change a KL divergence.
    /// </summary>
    protected internal override Tensor? ClosedFormKL(Distribution other) =>
        other is TransformedDistribution p && ReferenceEquals(Map, p.Map)
            && KLDivergence.Exact(Origin, p.Origin) is { } kl ? kl.SumFrom(^_joined) : null;

    private Tensor OriginLogProb(Tensor x) => Origin.LogProbOver(x, _joined);

    /// <summary>The log-determinant summed over the event axes that are not event axes of the map.</summary>
    private Tensor OverEvent(Tensor logDet) =>
        logDet.SumFrom(^Math.Max(0, _joined + Origin.EventShape.Rank - Map.EventRank));

    private static Shape Batch(ReparameterizedDistribution distribution, int joined) =>
        joined <= distribution.BatchShape.Rank
        ? distribution.BatchShape[..^joined]
        : throw new ArgumentException(
            $"The map takes events of {joined + distribution.EventShape.Rank} axes, but " +
            $"{distribution.GetType().Name} with batch {distribution.BatchShape} and event " +
            $"{distribution.EventShape} has fewer axes.");
}
