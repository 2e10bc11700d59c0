using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The Pareto distribution of type I. With alpha the concentration, log p(x) = log alpha + alpha log scale - (alpha +
/// 1) log x for x >= scale. Each element of the parameters is a separate batch member.
/// </summary>
public sealed class Pareto : ReparameterizedDistribution
{
    /// <summary>
    /// Creates the distribution from the scale (the lower end) and the concentration alpha, both positive. The shapes
    /// broadcast.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or a parameter is not positive.</exception>
    public Pareto(Tensor scale, Tensor concentration)
        : this(Checked.Broadcast(
            Checked.Positive(scale), Checked.Positive(concentration), nameof(scale), nameof(concentration)))
    {
    }

    private Pareto((Tensor Scale, Tensor Concentration) p)
        : base(p.Scale.Shape, [], p.Scale.DType) => (Scale, Concentration) = p;

    /// <summary>The lower end of the support.</summary>
    public Tensor Scale { get; }

    /// <summary>The tail index alpha. Moments of order alpha and higher are infinite.</summary>
    public Tensor Concentration { get; }

    /// <inheritdoc/>
    protected internal override Distribution? Widened => new Pareto(Wide(Scale), Wide(Concentration));

    /// <inheritdoc/>
    public override Support Support => new(SupportKind.Interval, Scale, Tensor.Scalar(double.PositiveInfinity, DType));

    /// <summary>alpha scale / (alpha - 1). It is infinite for alpha &lt;= 1.</summary>
    public override Tensor Mean => MeanPower(Tensor.Ones([], DType), Tensor.Ones([], DType))!;

    /// <summary>scale^2 alpha / ((alpha - 1)^2 (alpha - 2)). It is infinite for alpha &lt;= 2.</summary>
    public override Tensor Variance
    {
        get
        {
            Tensor finite = Tensor.Less(Tensor.Scalar(2, DType), Concentration),
                alpha = Tensor.Where(finite, Concentration, 3);
            return Tensor.Where(
                finite, Scale.Square() * alpha / ((alpha - 1).Square() * (alpha - 2)), double.PositiveInfinity);
        }
    }

    /// <summary>The lower end of the support.</summary>
    public override Tensor Mode => Scale;

    /// <summary>scale u^(-1/alpha) with u uniform: d/dscale = z / scale, d/dalpha = -z log(z / scale) /
    /// alpha.</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default)
    {
        // Computed in logarithms and in Float64, because one factor may overflow where the product does not.
        Tensor log = Wide(Scale).Log() - UniformNoise(rng, sampleShape, DType.Float64).Log() / Wide(Concentration);
        Tensor z = KeepFinite(ExpOfDraw(log).To(DType));
        // A draw that rounds below the scale is moved back to the scale.
        return Tensor.WithVjp(Tensor.Maximum(z, Scale), [z], g => [g]);
    }

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value)
    {
        Tensor inside = Tensor.GreaterOrEqual(value, Scale) + Formulas.IsNaN(value);
        Tensor x = Tensor.Where(inside, value, Scale);
        return Tensor.Where(
            inside, Concentration.Log() - Concentration * LogOverScale(x) - x.Log(), double.NegativeInfinity);
    }

    /// <summary>log(scale / alpha) + 1 + 1/alpha.</summary>
    protected override Tensor EntropyCore() => Scale.Log() - Concentration.Log() + Concentration.Reciprocal() + 1;

    /// <summary>
    /// -alpha log(x / scale) for the upper tail, and the logarithm of the complement for the lower tail.
    /// </summary>
    protected override Tensor LogTailCore(Tensor value, bool upper)
    {
        Tensor infinity = Tensor.Scalar(double.PositiveInfinity, DType);
        return LogTailWithin(value, Scale, infinity, upper, Scale * 2, x =>
        {
            Tensor exponent = Concentration * LogOverScale(x);
            return upper ? -exponent : exponent.Log1mExp();
        });
    }

    /// <summary>log(x / scale). It keeps its digits near the lower end.</summary>
    private Tensor LogOverScale(Tensor x)
    {
        Tensor near = Tensor.Less(x, Scale * 2);
        Tensor excess = (Tensor.Where(near, x, Scale) - Scale) / Scale;
        return Tensor.Where(near, excess.LogP1(), x.Log() - Scale.Log());
    }

    /// <summary>scale (1 - p)^(-1/alpha).</summary>
    protected override Tensor InverseCdfCore(Tensor probability) =>
        Scale * (-(-probability).LogP1() / Concentration).Exp();

    /// <summary>
    /// The KL divergence to a Pareto. If the lower end of the other distribution is lower or equal, it is log(a1/a2) +
    /// a2 log(s1/s2) + a2/a1 - 1, with the concentrations a and the scales s of this distribution (1) and of the other
    /// (2). Otherwise it is infinite.
    /// </summary>
    protected internal override Tensor? ClosedFormKL(Distribution other)
    {
        if (other is not Pareto p) return null;
        Tensor ratio = p.Concentration / Concentration;
        Tensor kl = p.Concentration * (Scale.Log() - p.Scale.Log()) + (ratio - 1 - ratio.Log());
        return Tensor.Where(Tensor.GreaterOrEqual(Scale, p.Scale), kl, double.PositiveInfinity);
    }

    /// <summary>E_q[log p], which needs E_q[log x].</summary>
    protected internal override Tensor? ExpectedLogProb(Distribution other) =>
        other.MeanLog is { } log ? Concentration.Log() - Concentration * (log - Scale.Log()) - log : null;

    /// <summary>log scale + 1/alpha.</summary>
    protected internal override Tensor? MeanLog => Scale.Log() + Concentration.Reciprocal();

    /// <summary>1/alpha^2.</summary>
    protected internal override Tensor? VarianceLog => Concentration.Reciprocal().Square();

    /// <summary>alpha (scale / unit)^k / (alpha - k). It is infinite for k >= alpha.</summary>
    protected internal override Tensor? MeanPower(Tensor k, Tensor unit)
    {
        Tensor finite = Tensor.Less(k, Concentration), rest = Tensor.Where(finite, Concentration - k, 1);
        return Tensor.Where(
            finite, Concentration / rest * (k * (Scale.Log() - unit.Log())).Exp(), double.PositiveInfinity);
    }
}
