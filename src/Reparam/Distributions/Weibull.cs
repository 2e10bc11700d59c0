using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The Weibull distribution. With u = x / scale and k the concentration, log p(x) = log(k / scale) + (k - 1) log u -
/// u^k for x > 0. Each element of the parameters is a separate batch member.
/// </summary>
public sealed class Weibull : ReparameterizedDistribution
{
    /// <summary>
    /// Creates the distribution from the scale and the concentration (shape k), both positive. The shapes broadcast.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or a parameter is not positive.</exception>
    public Weibull(Tensor scale, Tensor concentration)
        : this(Checked.Broadcast(
            Checked.Positive(scale), Checked.Positive(concentration), nameof(scale), nameof(concentration)))
    {
    }

    private Weibull((Tensor Scale, Tensor Concentration) p)
        : base(p.Scale.Shape, [], p.Scale.DType) => (Scale, Concentration) = p;

    /// <summary>The scale. It is the quantile at 1 - 1/e.</summary>
    public Tensor Scale { get; }

    /// <summary>The concentration k (the shape parameter).</summary>
    public Tensor Concentration { get; }

    /// <inheritdoc/>
    protected internal override Distribution? Widened => new Weibull(Wide(Scale), Wide(Concentration));

    /// <inheritdoc/>
    public override Support Support => Support.Positive(DType);

    /// <summary>scale Gamma(1 + 1/k).</summary>
    public override Tensor Mean => (Wide(Scale) * LogGammaOf(1).Exp()).To(DType);

    /// <summary>scale^2 (Gamma(1 + 2/k) - Gamma(1 + 1/k)^2), computed as a difference of logarithms.</summary>
    public override Tensor Variance
    {
        get
        {
            // The expression log Gamma(1 + 2d) - 2 log Gamma(1 + d) + log Gamma(1) is a second difference around 1 + d.
            Tensor d = Wide(Concentration).Reciprocal();
            Tensor spread = Tensor.LogGammaDivergence(d + 1, d * 2 + 1, d) + Tensor.LogGammaDivergence(
                d + 1, Tensor.Ones(d.Shape, d.DType), -d);
            return (Wide(Scale).Square() * Formulas.ExpTimesExpM1(LogGammaOf(1) * 2, spread)).To(DType);
        }
    }

    /// <summary>scale ((k - 1) / k)^(1/k) for k > 1, otherwise 0.</summary>
    public override Tensor Mode
    {
        get
        {
            Tensor interior = Tensor.Less(Tensor.Scalar(1, DType), Concentration),
                k = Tensor.Where(interior, Concentration, 2);
            return Tensor.Where(interior, Scale * (((k - 1) / k).Log() / k).Exp(), 0);
        }
    }

    /// <summary>
    /// scale (-log u)^(1/k) with u uniform: d/dscale = z / scale, d/dk = -z log(-log u) / k^2. The draw is kept above 0
    /// and finite.
    /// </summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default) =>
        KeepPositive(ExpOfDraw(
            Wide(Scale).Log() + (-UniformNoise(rng, sampleShape, DType.Float64).Log()).Log() / Wide(
                Concentration)).To(DType));

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value) => OnSupport(Tensor.GreaterOrEqual(value, 0), value, 1, x =>
    {
        Tensor u = x / Scale, power = (Concentration * Tensor.Where(u, u, 1).Log()).Exp();
        // At x = 0 the power of u is 0, 1 or infinite, depending on k - 1.
        return Concentration.Log() - Scale.Log() + Formulas.XLogY(Concentration - 1, u) - Tensor.Where(u, power, 0);
    });

    /// <summary>gamma (1 - 1/k) + log(scale / k) + 1, where gamma is Euler's constant.</summary>
    protected override Tensor EntropyCore() =>
        (1 - Concentration.Reciprocal()) * Formulas.EulerGamma + Scale.Log() - Concentration.Log() + 1;

    /// <summary>-u^k for the upper tail, with u = value / scale and k the concentration, and the logarithm of the
    /// complement for the lower tail.</summary>
    protected override Tensor LogTailCore(Tensor value, bool upper) =>
        LogTailWithin(value, 0, double.PositiveInfinity, upper, 1, x =>
    {
        Tensor log = Concentration * (x / Scale).Log(), power = log.Exp();
        if (upper) return -power;
        // Where u^k underflows, 1 - e^(-u^k) equals u^k. Where u^k exceeds e^7, it equals 1.
        Tensor tiny = Tensor.Less(log, -600), sure = Tensor.Less(Tensor.Scalar(7, DType), log);
        Tensor inner = Tensor.Where(tiny + sure, Tensor.Scalar(0, DType), log).Exp().Log1mExp();
        return Tensor.Where(tiny, log, Tensor.Where(sure, Tensor.Scalar(0, DType), inner));
    });

    /// <summary>scale (-log(1 - p))^(1/k).</summary>
    protected override Tensor InverseCdfCore(Tensor probability) =>
        Scale * ((-(-probability).LogP1()).Log() / Concentration).Exp();

    /// <summary>
    /// The KL divergence to a Weibull (Bauckhage 2013): -log r - t + gamma (r - 1) + e^t Gamma(1 + r) - 1, with r =
    /// k2/k1 and t = k2 log(s1/s2). k1 and s1 are the concentration and the scale of this distribution, k2 and s2 those
    /// of the other; gamma is Euler's constant, and Gamma is the gamma function.
    /// </summary>
    protected internal override Tensor? ClosedFormKL(Distribution other)
    {
        // The logarithm of a Weibull variable is a negative Gumbel variable with location log scale and scale 1/k. An
        // invertible map does not change a KL divergence.
        if (other is not Weibull p) return null;
        Tensor ratio = p.Concentration / Concentration, shift = p.Concentration * (Scale.Log() - p.Scale.Log());
        return -ratio.Log() - shift + (ratio - 1) * Formulas.EulerGamma + ((ratio + 1).LogGamma() + shift).ExpM1();
    }

    /// <summary>E_q[log p], which needs E_q[log x] and E_q[(x / scale)^k].</summary>
    protected internal override Tensor? ExpectedLogProb(Distribution other) =>
        other.MeanLog is { } log && other.MeanPower(Concentration, Scale) is { } power
            ? Concentration.Log() - Concentration * Scale.Log() + (Concentration - 1) * log - power
            : null;

    /// <summary>log scale - gamma / k, where gamma is Euler's constant and k the concentration.</summary>
    protected internal override Tensor? MeanLog => Scale.Log() - Concentration.Reciprocal() * Formulas.EulerGamma;

    /// <summary>(pi / k)^2 / 6.</summary>
    protected internal override Tensor? VarianceLog => Concentration.Reciprocal().Square() * (Math.PI * Math.PI / 6);

    /// <summary>
    /// (scale / unit)^t Gamma(1 + t/k). It is infinite for t &lt;= -k. Here k is <see cref="Concentration"/> and t is
    /// the argument k.
    /// </summary>
    protected internal override Tensor? MeanPower(Tensor k, Tensor unit)
    {
        Tensor argument = k / Concentration + 1, finite = Tensor.Less(Tensor.Scalar(0, DType), argument);
        return Tensor.Where(finite, (k * (Scale.Log() - unit.Log()) + Tensor.Where(finite, argument, 1).LogGamma())
            .Exp(), double.PositiveInfinity);
    }

    /// <summary>log E[(X / scale)^power], in Float64.</summary>
    private Tensor LogGammaOf(double power) => (Wide(Concentration).Reciprocal() * power + 1).LogGamma();
}
