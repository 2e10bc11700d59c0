using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The distribution of 1/Y for a gamma variable Y. With a the concentration, log p(x) = a log scale - (a + 1) log x -
/// scale / x - log Gamma(a) for x > 0. Each element of the parameters is a separate batch member.
/// </summary>
public sealed class InverseGamma : ReparameterizedDistribution
{
    /// <summary>
    /// Creates the distribution from the concentration (shape) and the scale (the rate of the gamma variable), both
    /// positive. The shapes broadcast.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or a parameter is not positive.</exception>
    public InverseGamma(Tensor concentration, Tensor scale)
        : this(Checked.Broadcast(
            Checked.Positive(concentration), Checked.Positive(scale), nameof(concentration), nameof(scale)))
    {
    }

    private InverseGamma((Tensor Concentration, Tensor Scale) p)
        : base(p.Concentration.Shape, [], p.Concentration.DType) => (Concentration, Scale) = p;

    /// <summary>The concentration a (the shape parameter). Moments of order a and higher are infinite.</summary>
    public Tensor Concentration { get; }

    /// <summary>The scale.</summary>
    public Tensor Scale { get; }

    /// <inheritdoc/>
    protected internal override Distribution? Widened => new InverseGamma(Wide(Concentration), Wide(Scale));

    /// <inheritdoc/>
    public override Support Support => Support.Positive(DType);

    /// <summary>scale / (a - 1). It is infinite for a &lt;= 1.</summary>
    public override Tensor Mean
    {
        get
        {
            Tensor finite = Tensor.Less(Tensor.Scalar(1, DType), Concentration);
            return Tensor.Where(finite, Scale / Tensor.Where(finite, Concentration - 1, 1), double.PositiveInfinity);
        }
    }

    /// <summary>scale^2 / ((a - 1)^2 (a - 2)). It is infinite for a &lt;= 2.</summary>
    public override Tensor Variance
    {
        get
        {
            Tensor finite = Tensor.Less(Tensor.Scalar(2, DType), Concentration),
                a = Tensor.Where(finite, Concentration, 3);
            return Tensor.Where(finite, (Scale / (a - 1)).Square() / (a - 2), double.PositiveInfinity);
        }
    }

    /// <summary>scale / (a + 1).</summary>
    public override Tensor Mode => Scale / (Concentration + 1);

    /// <summary>The scale divided by a draw from Gamma(a, 1). The gradient with respect to a is implicit.</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default)
    {
        Tensor u = UniformNoise(rng, sampleShape, DType.Float64);
        Tensor log = Scale.To(DType.Float64).Log() - Gamma.LogStandardDraw(Concentration.To(DType.Float64), u);
        return KeepPositive(ExpOfDraw(log).To(DType));
    }

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value) =>
        OnSupport(Tensor.Less(Tensor.Scalar(0, DType), value), value, 1, x =>
    {
        // 1 / x is a gamma variable. The absolute derivative of 1 / x is 1 / x^2.
        return Gamma.LogDensity(Concentration, Scale, x.Reciprocal()) - x.Log() * 2;
    });

    /// <summary>a + log scale + log Gamma(a) - (1 + a) digamma(a).</summary>
    protected override Tensor EntropyCore() => Concentration.GammaEntropy() - Concentration.Digamma() * 2 + Scale.Log();

    /// <summary>log Q(a, scale / x) for the lower tail, log P(a, scale / x) for the upper tail.</summary>
    protected override Tensor LogTailCore(Tensor value, bool upper) =>
        LogTailWithin(value, 0, double.PositiveInfinity, upper, 1, x =>
        upper ? Tensor.LogRegularizedGammaP(Concentration, Scale / x)
            : Tensor.LogRegularizedGammaQ(Concentration, Scale / x));

    /// <inheritdoc/>
    protected override Tensor InverseCdfCore(Tensor probability) =>
        Scale / Tensor.GammaQuantileUpper(Concentration, probability);

    /// <summary>
    /// The KL divergence to an inverse gamma. It equals the KL divergence of the gamma distributions, because an
    /// invertible map does not change a KL divergence.
    /// </summary>
    protected internal override Tensor? ClosedFormKL(Distribution other) =>
        other is InverseGamma p
            ? Gamma.FamilyKL(new Gamma(Concentration, Scale), new Gamma(p.Concentration, p.Scale)) : null;

    /// <summary>E_q[log p], which needs E_q[log x] and E_q[scale / x].</summary>
    protected internal override Tensor? ExpectedLogProb(Distribution other) =>
        other.MeanLog is { } log && other.MeanPower(Tensor.Scalar(-1, DType), Scale) is { } reciprocal
            ? Concentration * Scale.Log() - Concentration.LogGamma() - (Concentration + 1) * log - reciprocal
            : null;

    /// <summary>log scale - digamma(a).</summary>
    protected internal override Tensor? MeanLog => Scale.Log() - Concentration.Digamma();

    /// <summary>(scale / unit)^k Gamma(a - k) / Gamma(a). It is infinite for k >= a.</summary>
    protected internal override Tensor? MeanPower(Tensor k, Tensor unit) =>
        new Gamma(Concentration, Scale).MeanPower(-k, unit.Reciprocal());
}
