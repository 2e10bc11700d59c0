using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The Weibull distribution: with u = x / scale and k the concentration, log p(x) = log(k / scale) + (k - 1) log u - u^k for x > 0, every element a batch
/// member of its own.
/// </summary>
public sealed class Weibull : ReparameterizedDistribution
{
    /// <summary>From scale and concentration (shape k), both positive, which broadcast.</summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or a parameter is not positive.</exception>
    public Weibull(Tensor scale, Tensor concentration)
        : this(Checked.Broadcast(Checked.Positive(scale), Checked.Positive(concentration), nameof(scale), nameof(concentration)))
    {
    }

    private Weibull((Tensor Scale, Tensor Concentration) p)
        : base(p.Scale.Shape, [], p.Scale.DType) => (Scale, Concentration) = p;

    /// <summary>The scale: the quantile at 1 - 1/e.</summary>
    public Tensor Scale { get; }

    /// <summary>The shape k.</summary>
    public Tensor Concentration { get; }

    /// <inheritdoc/>
    public override Support Support => Support.Positive(DType);

    /// <summary>scale Gamma(1 + 1/k).</summary>
    public override Tensor Mean => (Wide(Scale) * LogGammaOf(1).Exp()).To(DType);

    /// <summary>scale^2 (Gamma(1 + 2/k) - Gamma(1 + 1/k)^2), as a difference of logarithms.</summary>
    public override Tensor Variance
    {
        get
        {
            Tensor first = LogGammaOf(1) * 2;
            return (Wide(Scale).Square() * first.Exp() * (LogGammaOf(2) - first).ExpM1()).To(DType);
        }
    }

    /// <summary>scale ((k - 1) / k)^(1/k) for k > 1, else 0.</summary>
    public override Tensor Mode
    {
        get
        {
            Tensor interior = Tensor.Less(Tensor.Scalar(1, DType), Concentration), k = Tensor.Where(interior, Concentration, 2);
            return Tensor.Where(interior, Scale * (((k - 1) / k).Log() / k).Exp(), 0);
        }
    }

    /// <summary>scale (-log u)^(1/k) with u uniform: d/dscale = z / scale, d/dk = -z log(-log u) / k^2. Kept above 0 and finite.</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default) =>
        KeepPositive(Scale * ((-UniformNoise(rng, sampleShape).Log()).Log() / Concentration).Exp());

    /// <inheritdoc/>
    public override Tensor LogProb(Tensor value) => OnSupport(Tensor.Less(Tensor.Scalar(0, DType), value), value, 1, x =>
    {
        Tensor log = x.Log() - Scale.Log();
        return Concentration.Log() - Scale.Log() + (Concentration - 1) * log - (Concentration * log).Exp();
    });

    /// <summary>gamma (1 - 1/k) + log(scale / k) + 1.</summary>
    public override Tensor Entropy() => (1 - Concentration.Reciprocal()) * Formulas.EulerGamma + Scale.Log() - Concentration.Log() + 1;

    /// <summary>1 - e^(-u^k).</summary>
    public override Tensor Cdf(Tensor value)
    {
        Tensor positive = Tensor.Less(Tensor.Scalar(0, DType), value);
        Tensor power = (Concentration * (Tensor.Where(positive, value, 1).Log() - Scale.Log())).Exp();
        return Tensor.Where(positive, -(-power).ExpM1(), 0);
    }

    /// <summary>scale (-log(1 - p))^(1/k).</summary>
    public override Tensor InverseCdf(Tensor probability) => Scale * ((-(-probability).LogP1()).Log() / Concentration).Exp();

    /// <summary>Against a Weibull (Bauckhage 2013), with r = k2/k1 and t = k2 log(s1/s2): -log r - t + gamma (r - 1) + e^t Gamma(1 + r) - 1.</summary>
    protected internal override Tensor? ClosedFormKL(Distribution other)
    {
        // The logarithm of a Weibull variable is a negative Gumbel of location log scale and scale 1/k, and KL does not notice an invertible map.
        if (other is not Weibull p) return null;
        Tensor ratio = p.Concentration / Concentration, shift = p.Concentration * (Scale.Log() - p.Scale.Log());
        return -ratio.Log() - shift + (ratio - 1) * Formulas.EulerGamma + ((ratio + 1).LogGamma() + shift).ExpM1();
    }

    /// <summary>E_q log p needs E_q[log x] and E_q[(x / scale)^k].</summary>
    protected internal override Tensor? ExpectedLogProb(Distribution other) =>
        other.MeanLog is { } log && other.MeanPower(Concentration, Scale) is { } power
            ? Concentration.Log() - Concentration * Scale.Log() + (Concentration - 1) * log - power
            : null;

    /// <summary>log scale - gamma / k.</summary>
    protected internal override Tensor? MeanLog => Scale.Log() - Concentration.Reciprocal() * Formulas.EulerGamma;

    /// <summary>(pi / k)^2 / 6.</summary>
    protected internal override Tensor? VarianceLog => Concentration.Reciprocal().Square() * (Math.PI * Math.PI / 6);

    /// <summary>(scale / unit)^t Gamma(1 + t/k), infinite from t = -k down.</summary>
    protected internal override Tensor? MeanPower(Tensor k, Tensor unit)
    {
        Tensor argument = k / Concentration + 1, finite = Tensor.Less(Tensor.Scalar(0, DType), argument);
        return Tensor.Where(finite, (k * (Scale.Log() - unit.Log()) + Tensor.Where(finite, argument, 1).LogGamma()).Exp(), double.PositiveInfinity);
    }

    /// <summary>log E[(X / scale)^power], in Float64.</summary>
    private Tensor LogGammaOf(double power) => (Wide(Concentration).Reciprocal() * power + 1).LogGamma();
}
