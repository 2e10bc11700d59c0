using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The distribution of e^Y for a normal variable Y: log p(x) = log N(log x; loc, scale^2) - log x for x > 0. Each
/// element of the parameters is a separate batch member.
/// </summary>
public sealed class LogNormal : ReparameterizedDistribution
{
    private readonly Normal _log;

    /// <summary>
    /// Creates the distribution from the location and the scale (positive) of the logarithm. The shapes broadcast.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or a scale is not positive.</exception>
    public LogNormal(Tensor loc, Tensor scale)
        : this(new Normal(loc, scale))
    {
    }

    private LogNormal(Normal log)
        : base(log.BatchShape, [], log.DType) => _log = log;

    /// <summary>The mean of the logarithm.</summary>
    public Tensor Loc => _log.Loc;

    /// <summary>The standard deviation of the logarithm.</summary>
    public Tensor Scale => _log.Scale;

    /// <inheritdoc/>
    protected internal override Distribution? Widened => new LogNormal((Normal)_log.Widened!);

    /// <inheritdoc/>
    public override Support Support => Support.Positive(DType);

    /// <summary>exp(loc + scale^2 / 2).</summary>
    public override Tensor Mean => (Loc + Scale.Square() * 0.5).Exp();

    /// <summary>(e^(scale^2) - 1) exp(2 loc + scale^2).</summary>
    public override Tensor Variance => Scale.Square().ExpM1() * (Loc * 2 + Scale.Square()).Exp();

    /// <summary>exp(loc - scale^2).</summary>
    public override Tensor Mode => KeepPositive((Loc - Scale.Square()).Exp());

    /// <summary>
    /// z = exp(loc + scale e) with e ~ N(0, 1): d/dloc = z, d/dscale = z e. The draw z is kept above 0 and finite.
    /// </summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default) =>
        KeepPositive(ExpOfDraw(Wide(_log.RSample(rng, sampleShape))).To(DType));

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value) =>
        OnSupport(Tensor.Less(Tensor.Scalar(0, DType), value), value, 1, x =>
    {
        Tensor log = x.Log();
        return _log.LogProb(log) - log;
    });

    /// <summary>The entropy of the logarithm plus loc.</summary>
    protected override Tensor EntropyCore() => _log.Entropy() + Loc;

    /// <summary>The tail of the normal distribution at log x.</summary>
    protected override Tensor TailCore(Tensor value, bool upper)
    {
        Tensor positive = Tensor.Less(Tensor.Scalar(0, DType), value) + Formulas.IsNaN(value);
        Tensor log = Tensor.Where(positive, value, 1).Log();
        return Tensor.Where(positive, upper ? _log.SurvivalFunction(log) : _log.Cdf(log), upper ? 1 : 0);
    }

    /// <inheritdoc/>
    protected override Tensor LogTailCore(Tensor value, bool upper) => LogTailWithin(
        value, 0, double.PositiveInfinity, upper, 1, x =>
            upper ? _log.LogSurvivalFunction(x.Log()) : _log.LogCdf(x.Log()));

    /// <inheritdoc/>
    protected override Tensor InverseCdfCore(Tensor probability) => _log.InverseCdf(probability).Exp();

    /// <summary>
    /// The KL divergence to a log-normal. It equals the KL divergence of the normal distributions of the logarithms.
    /// </summary>
    protected internal override Tensor? ClosedFormKL(Distribution other) => other is LogNormal p
        ? _log.ClosedFormKL(p._log) : null;

    /// <summary>E_q[log p], which needs the mean and the variance of log x under q.</summary>
    protected internal override Tensor? ExpectedLogProb(Distribution other) =>
        other.MeanLog is { } mean && other.VarianceLog is { } variance
            ? (variance + (mean - Loc).Square()) / Scale.Square() * -0.5 - _log.LogScale - Normal.HalfLogTwoPi - mean
            : null;

    /// <inheritdoc/>
    protected internal override Tensor? MeanLog => Loc;

    /// <inheritdoc/>
    protected internal override Tensor? VarianceLog => Scale.Square();

    /// <summary>exp(k (loc - log unit) + (k scale)^2 / 2).</summary>
    protected internal override Tensor? MeanPower(Tensor k, Tensor unit) => _log.MeanExp(k, unit.Log());
}
