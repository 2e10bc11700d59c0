using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The normal distribution N(loc, scale^2). Each element of the parameters is a separate batch member, and the event
/// shape is <c>[]</c>. log p(x) = -0.5 ((x - loc)/scale)^2 - log scale - 0.5 log 2 pi. <see cref="DiagonalNormal"/> is
/// the same distribution over vectors.
/// </summary>
public sealed class Normal : ReparameterizedDistribution
{
    internal const double HalfLogTwoPi = 0.91893853320467274178;

    // If the scale was computed from its logarithm, this is that logarithm, without rounding.
    private readonly Tensor _logScale;

    /// <summary>
    /// Creates the distribution from the location and the scale (standard deviation, positive). The shapes broadcast.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or a scale is not positive.</exception>
    public Normal(Tensor loc, Tensor scale)
        : this(Checked.Broadcast(loc, Checked.Positive(scale), nameof(loc), nameof(scale)))
    {
    }

    private Normal((Tensor Loc, Tensor Scale) p)
        : this(p.Loc, p.Scale, p.Scale.Log())
    {
    }

    private Normal(Tensor loc, Tensor scale, Tensor logScale)
        : base(loc.Shape, [], loc.DType)
    {
        Loc = loc;
        Scale = scale;
        _logScale = logScale;
    }

    /// <summary>The location. It is the mean.</summary>
    public Tensor Loc { get; }

    /// <summary>The standard deviation.</summary>
    public Tensor Scale { get; }

    /// <inheritdoc/>
    protected internal override Distribution? Widened => new Normal(Wide(Loc), Wide(Scale), Wide(_logScale));

    /// <inheritdoc/>
    public override Support Support => Support.Real(DType);

    /// <inheritdoc/>
    public override Tensor Mean => Loc;

    /// <inheritdoc/>
    public override Tensor Variance => Scale.Square();

    /// <inheritdoc/>
    public override Tensor Mode => Loc;

    /// <summary>
    /// log scale. If the scale was computed from its logarithm, this is that logarithm, without rounding.
    /// </summary>
    internal Tensor LogScale => _logScale;

    /// <summary>
    /// Creates the distribution from the location and the log-variance: scale = exp(logVariance / 2). This is the
    /// parametrisation of the encoder of Kingma and Welling (2013). The shapes broadcast.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public static Normal FromLogVariance(Tensor loc, Tensor logVariance)
    {
        (loc, logVariance) = Checked.Broadcast(loc, logVariance);
        Tensor logScale = logVariance * 0.5;
        return new Normal(loc, logScale.Exp(), logScale);
    }

    /// <summary>The same distribution, with parameters that no tape and no scope owns.</summary>
    internal Normal Keep() => new(Loc.Keep(), Scale.Keep(), _logScale.Keep());

    /// <summary>loc + scale e with e ~ N(0, 1): d/dloc = 1, d/dscale = e.</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default) =>
        Tensor.NormalSample(Loc, Scale, rng, sampleShape, DatumAxis(sampleShape, BatchShape));

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value)
    {
        Tensor standardized = (value - Loc) / Scale;
        return standardized.Square().Affine(-0.5, -HalfLogTwoPi) - _logScale;
    }

    /// <inheritdoc/>
    protected internal override Tensor LogProbOver(Tensor value, int axes) =>
        Tensor.NormalLogProb(value, Loc, _logScale, axes);

    /// <inheritdoc/>
    protected override Tensor EntropyCore() => _logScale + (HalfLogTwoPi + 0.5);

    /// <summary>Phi((x - loc) / scale) for the lower tail. The upper tail is its mirror image.</summary>
    protected override Tensor TailCore(Tensor value, bool upper) => Standardized(value, upper).NormalCdf();

    /// <inheritdoc/>
    protected override Tensor LogTailCore(Tensor value, bool upper) => Standardized(value, upper).LogNormalCdf();

    /// <summary>loc + scale times the quantile of the standard normal distribution.</summary>
    protected override Tensor InverseCdfCore(Tensor probability) => Loc + Scale * probability.NormalQuantile();

    /// <summary>The KL divergence to a normal: log(s2/s1) + (s1^2 + (m1 - m2)^2) / (2 s2^2) - 1/2, with the means m and
    /// the standard deviations s of this distribution (1) and of the other (2).</summary>
    protected internal override Tensor? ClosedFormKL(Distribution other)
    {
        if (other is not Normal p) return null;
        // With d = log s1 - log s2 the part of the variances, 0.5 (e^2d - 1) - d, is computed with expm1. So it is
        // exactly 0 at d = 0, and it loses no accuracy for nearly equal scales.
        Tensor logRatio = _logScale - p._logScale;
        Tensor shift = (Loc - p.Loc) / p.Scale;
        return ((logRatio * 2).ExpM1() + shift.Square()) * 0.5 - logRatio;
    }

    /// <summary>E_q[log N(x; loc, scale^2)], which needs only the second moment of q about loc.</summary>
    protected internal override Tensor? ExpectedLogProb(Distribution other) =>
        other.SecondMomentAbout(Loc) / Scale.Square() * -0.5 - _logScale - HalfLogTwoPi;

    /// <summary>exp(t (loc - c) + (t scale)^2 / 2).</summary>
    protected internal override Tensor? MeanExp(Tensor t, Tensor c) =>
        (t * (Loc - c) + (t * Scale).Square() * 0.5).Exp();

    /// <summary>
    /// The mean of the folded normal distribution: scale sqrt(2/pi) e^(-d^2/2) + (loc - c) erf(d / sqrt 2) with d =
    /// (loc - c) / scale.
    /// </summary>
    protected internal override Tensor? MeanAbsoluteDeviation(Tensor c)
    {
        Tensor shift = Loc - c, standardized = shift / Scale;
        return Scale * (standardized.Square() * -0.5).Exp() * Math.Sqrt(
            2 / Math.PI) + shift * (standardized * Math.Sqrt(0.5)).Erf();
    }

    private Tensor Standardized(Tensor value, bool upper)
    {
        Tensor u = (value - Loc) / Scale;
        return upper ? -u : u;
    }

    /// <summary>The closed-form KL summed over the last <paramref name="axes"/> batch axes, in one pass.</summary>
    internal Tensor KLOver(Normal p, int axes) => Tensor.NormalKL(Loc, _logScale, p.Loc, p._logScale, axes);
}
