using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The logistic normal distribution on the simplex (Aitchison and Shen 1980): softmax([y, 0]) for y ~ N(loc, diag
/// scale^2), where y has K - 1 elements. With y_k = log(x_k / x_K), log p(x) = log N(y) - sum log x_k. It is a density
/// over the first K - 1 coordinates.
/// </summary>
public sealed class LogisticNormal : ReparameterizedDistribution
{
    private readonly DiagonalNormal _logRatios;

    /// <summary>
    /// Creates the distribution from the location and the scale (positive) of the log-ratios to the last coordinate,
    /// batch + [K - 1].
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or a scale is not positive.</exception>
    public LogisticNormal(Tensor loc, Tensor scale)
        : this(new DiagonalNormal(loc, scale))
    {
    }

    private LogisticNormal(DiagonalNormal logRatios)
        : base(logRatios.BatchShape, [logRatios.EventShape[0] + 1], logRatios.DType) => _logRatios = logRatios;

    /// <summary>The mean of the log-ratios.</summary>
    public Tensor Loc => _logRatios.Loc;

    /// <summary>The standard deviation of the log-ratios.</summary>
    public Tensor Scale => _logRatios.Scale;

    /// <inheritdoc/>
    protected internal override Distribution? Widened => new LogisticNormal(Wide(Loc), Wide(Scale));

    /// <inheritdoc/>
    public override Support Support => Support.Of(SupportKind.Simplex, 0, 1, DType);

    /// <summary>Not supported: the mean has no closed form.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Tensor Mean =>
        throw new NotSupportedException(
            "The mean of a logistic normal has no closed form. Estimate it as the average over draws.");

    /// <summary>Not supported: the variance has no closed form.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Tensor Variance =>
        throw new NotSupportedException(
            "The variance of a logistic normal has no closed form. Estimate it as the average over draws.");

    /// <inheritdoc/>
    protected internal override bool HasMoments => false;

    /// <inheritdoc/>
    protected internal override bool HasEntropy => false;

    /// <summary>softmax([normal draw, 0]). The coordinates are kept above 0.</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default)
    {
        Tensor y = _logRatios.RSample(rng, sampleShape);
        return KeepPositive(Tensor.Concat(^1, y, Tensor.Zeros(y.Shape[..^1] + [1], DType)).SoftMax(^1));
    }

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value)
    {
        Tensor outside = 1 - Tensor.Less(Tensor.Scalar(0, DType), value) - Formulas.IsNaN(value);
        Tensor inside = Tensor.Less(outside.Sum(^1), 0.5);
        Tensor log = Tensor.Where(1 - outside, value, 1).Log();
        int last = EventShape[0] - 1;
        Tensor ratios = log.Slice(^1, 0, last) - log.Slice(^1, last, 1);
        return Tensor.Where(inside, _logRatios.LogProb(ratios) - log.Sum(^1), double.NegativeInfinity);
    }

    /// <summary>
    /// The KL divergence to a logistic normal. It equals the KL divergence of the log-ratios, because an invertible map
    /// does not change a KL divergence.
    /// </summary>
    protected internal override Tensor? ClosedFormKL(Distribution other) => other is LogisticNormal p
        ? _logRatios.ClosedFormKL(p._logRatios) : null;
}
