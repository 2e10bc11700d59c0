using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The distribution of |Y| for Y ~ N(0, scale^2): log p(x) = log 2 + log N(x; 0, scale^2) for x >= 0, every element a
/// batch member of its own.
/// </summary>
public sealed class HalfNormal : ReparameterizedDistribution
{
    private static readonly double LogTwo = PortableMath.Log(2);

    private readonly Normal _whole;

    /// <summary>From the scale, positive: the standard deviation of the whole normal.</summary>
    /// <exception cref="ArgumentException">A scale is not positive.</exception>
    public HalfNormal(Tensor scale)
        : base(Checked.NotNull(scale).Shape, [], scale.DType) =>
            _whole = new Normal(Tensor.Zeros(scale.Shape, scale.DType), scale);

    /// <summary>The standard deviation of the whole normal.</summary>
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

    /// <summary>|scale e|, e ~ N(0, 1): d/dscale = |e|.</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default) => _whole.RSample(rng, sampleShape).Abs();

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value) =>
        OnSupport(Tensor.GreaterOrEqual(value, 0), value, 1, x => _whole.LogProb(x) + LogTwo);

    /// <summary>That of the whole normal less log 2.</summary>
    protected override Tensor EntropyCore() => _whole.Entropy() - LogTwo;

    /// <summary>erf(x / (scale sqrt 2)), and of the upper tail 2 Phi(-x / scale).</summary>
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

    /// <summary>The normal quantile of (1 + p) / 2.</summary>
    protected override Tensor InverseCdfCore(Tensor probability)
    {
        // That is near the median for small p, where it keeps no digit of the distance: one Newton step on erf brings
        // them back.
        Tensor z = -((1 - probability) * 0.5).NormalQuantile().Detach();
        Tensor density = (z.Square() * -0.5).Exp() * Math.Sqrt(2 / Math.PI);
        Tensor step = ((z * Math.Sqrt(0.5)).Erf() - probability) / density;
        return Scale * Tensor.Where(
            Tensor.Less(probability, 0.5), z - step, -((1 - probability) * 0.5).NormalQuantile());
    }

    /// <summary>Against a half-normal: that of the whole normals.</summary>
    protected internal override Tensor? ClosedFormKL(Distribution other) => other is HalfNormal p
        ? _whole.ClosedFormKL(p._whole) : null;

    /// <summary>E_q log p needs the second moment of q.</summary>
    protected internal override Tensor? ExpectedLogProb(Distribution other) =>
        _whole.ExpectedLogProb(other) is { } whole ? whole + LogTwo : null;

    /// <summary>log scale - (gamma + log 2) / 2.</summary>
    protected internal override Tensor? MeanLog => _whole.LogScale - 0.5 * (Formulas.EulerGamma + LogTwo);

    /// <summary>pi^2 / 8: log X is half the logarithm of a chi-squared variable of one degree of freedom.</summary>
    protected internal override Tensor? VarianceLog => Constant(Math.PI * Math.PI / 8);

    /// <summary>(scale sqrt 2 / unit)^k Gamma((k + 1) / 2) / sqrt(pi), infinite from k = -1 down.</summary>
    protected internal override Tensor? MeanPower(Tensor k, Tensor unit)
    {
        Tensor finite = Tensor.Less(Tensor.Scalar(-1, DType), k);
        Tensor log = k * (_whole.LogScale + 0.5 * LogTwo - unit.Log()) + (Tensor.Where(finite, k + 1, 1) * 0.5)
            .LogGamma() - 0.5 * PortableMath.Log(Math.PI);
        return Tensor.Where(finite, log.Exp(), double.PositiveInfinity);
    }
}
