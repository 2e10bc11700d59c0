using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The distribution of |Y| for Y ~ N(0, scale^2): log p(x) = log 2 + log N(x; 0, scale^2) for x >= 0. Each element of
/// the parameters is a separate batch member.
/// </summary>
public sealed class HalfNormal : ReparameterizedDistribution
{
    private static readonly double LogTwo = PortableMath.Log(2);

    private readonly Normal _whole;

    /// <summary>
    /// Creates the distribution from the scale (positive), which is the standard deviation of the normal variable Y.
    /// </summary>
    /// <exception cref="ArgumentException">A scale is not positive.</exception>
    public HalfNormal(Tensor scale)
        : base(Checked.NotNull(scale).Shape, [], scale.DType) =>
            _whole = new Normal(Tensor.Zeros(scale.Shape, scale.DType), scale);

    /// <summary>The standard deviation of the normal variable Y.</summary>
    public Tensor Scale => _whole.Scale;

    /// <inheritdoc/>
    protected internal override Distribution? Widened => new HalfNormal(Wide(Scale));

    /// <inheritdoc/>
    public override Support Support => Support.Positive(DType);

    /// <summary>scale sqrt(2 / pi).</summary>
    public override Tensor Mean => Scale * Math.Sqrt(2 / Math.PI);

    /// <summary>scale^2 (1 - 2 / pi).</summary>
    public override Tensor Variance => Scale.Square() * (1 - 2 / Math.PI);

    /// <summary>Always 0.</summary>
    public override Tensor Mode => Constant(0);

    /// <summary>|scale e| with e ~ N(0, 1): d/dscale = |e|.</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default) => _whole.RSample(rng, sampleShape).Abs();

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value) =>
        OnSupport(Tensor.GreaterOrEqual(value, 0), value, 1, x => _whole.LogProb(x) + LogTwo);

    /// <summary>The entropy of N(0, scale^2) minus log 2.</summary>
    protected override Tensor EntropyCore() => _whole.Entropy() - LogTwo;

    /// <summary>erf(x / (scale sqrt 2)) for the lower tail, 2 Phi(-x / scale) for the upper tail.</summary>
    protected override Tensor TailCore(Tensor value, bool upper)
    {
        Tensor u = Tensor.Where(Tensor.Less(value, 0), Tensor.Scalar(0, DType), value) / Scale;
        return upper ? (-u).NormalCdf() * 2 : (u * Math.Sqrt(0.5)).Erf();
    }

    /// <inheritdoc/>
    protected override Tensor LogTailCore(Tensor value, bool upper) =>
        LogTailWithin(value, 0, double.PositiveInfinity, upper, 1, x =>
    {
        Tensor u = x / Scale;
        return upper ? (-u).LogNormalCdf() + LogTwo : (u * Math.Sqrt(0.5)).Erf().Log();
    });

    /// <summary>The normal quantile of (1 + p) / 2, times scale.</summary>
    protected override Tensor InverseCdfCore(Tensor probability)
    {
        // For small p, (1 + p) / 2 is near 1/2, and the difference loses its digits. One Newton step on erf restores
        // them.
        Tensor z = -((1 - probability) * 0.5).NormalQuantile().Detach();
        Tensor density = (z.Square() * -0.5).Exp() * Math.Sqrt(2 / Math.PI);
        Tensor step = ((z * Math.Sqrt(0.5)).Erf() - probability) / density;
        return Scale * Tensor.Where(
            Tensor.Less(probability, 0.5), z - step, -((1 - probability) * 0.5).NormalQuantile());
    }

    /// <summary>
    /// The KL divergence to a half-normal. It equals the KL divergence of the two normal distributions.
    /// </summary>
    protected internal override Tensor? ClosedFormKL(Distribution other) => other is HalfNormal p
        ? _whole.ClosedFormKL(p._whole) : null;

    /// <summary>E_q[log p], which needs the second moment of q.</summary>
    protected internal override Tensor? ExpectedLogProb(Distribution other) =>
        _whole.ExpectedLogProb(other) is { } whole ? whole + LogTwo : null;

    /// <summary>log scale - (gamma + log 2) / 2, where gamma is Euler's constant.</summary>
    protected internal override Tensor? MeanLog => _whole.LogScale - 0.5 * (Formulas.EulerGamma + LogTwo);

    /// <summary>
    /// pi^2 / 8, because log X is half the logarithm of a chi-squared variable with one degree of freedom, plus a
    /// constant.
    /// </summary>
    protected internal override Tensor? VarianceLog => Constant(Math.PI * Math.PI / 8);

    /// <summary>(scale sqrt 2 / unit)^k Gamma((k + 1) / 2) / sqrt(pi). It is infinite for k &lt;= -1.</summary>
    protected internal override Tensor? MeanPower(Tensor k, Tensor unit)
    {
        Tensor finite = Tensor.Less(Tensor.Scalar(-1, DType), k);
        Tensor log = k * (_whole.LogScale + 0.5 * LogTwo - unit.Log()) + (Tensor.Where(finite, k + 1, 1) * 0.5)
            .LogGamma() - 0.5 * PortableMath.Log(Math.PI);
        return Tensor.Where(finite, log.Exp(), double.PositiveInfinity);
    }
}
