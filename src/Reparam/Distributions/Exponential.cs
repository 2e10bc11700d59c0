using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The exponential distribution: log p(x) = log rate - rate x for x >= 0. Each element of the parameters is a separate
/// batch member.
/// </summary>
public sealed class Exponential : ReparameterizedDistribution
{
    /// <summary>Creates the distribution from the rate (1 / mean), which is positive.</summary>
    /// <exception cref="ArgumentException">A rate is not positive.</exception>
    public Exponential(Tensor rate)
        : base(Checked.Positive(rate).Shape, [], rate.DType) => Rate = rate;

    /// <summary>1 / mean.</summary>
    public Tensor Rate { get; }

    /// <inheritdoc/>
    protected internal override Distribution? Widened => new Exponential(Wide(Rate));

    /// <inheritdoc/>
    public override Support Support => Support.Positive(DType);

    /// <summary>1 / rate.</summary>
    public override Tensor Mean => Rate.Reciprocal();

    /// <summary>1 / rate^2.</summary>
    public override Tensor Variance => Mean.Square();

    /// <summary>Always 0.</summary>
    public override Tensor Mode => Constant(0);

    /// <summary>-log(u) / rate with u uniform: d/drate = -z / rate.</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default) =>
        (-UniformNoise(rng, sampleShape, DType.Float64).Log() / Wide(Rate)).To(DType);

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value) =>
        OnSupport(Tensor.GreaterOrEqual(value, 0), value, 1, x => Rate.Log() - Rate * x);

    /// <summary>1 - log rate.</summary>
    protected override Tensor EntropyCore() => 1 - Rate.Log();

    /// <summary>1 - e^(-rate x) for the lower tail, e^(-rate x) for the upper tail.</summary>
    protected override Tensor TailCore(Tensor value, bool upper)
    {
        Tensor exponent = -Rate * Tensor.Where(Tensor.Less(value, 0), Tensor.Scalar(0, DType), value);
        return upper ? exponent.Exp() : -exponent.ExpM1();
    }

    /// <inheritdoc/>
    protected override Tensor LogTailCore(Tensor value, bool upper) => LogTailWithin(
        value, 0, double.PositiveInfinity, upper, 1, x => upper ? -Rate * x : (Rate * x).Log1mExp());

    /// <summary>-log(1 - p) / rate.</summary>
    protected override Tensor InverseCdfCore(Tensor probability) => -(-probability).LogP1() / Rate;

    /// <summary>
    /// The KL divergence to an exponential distribution is the gamma formula at shape 1: r2/r1 - 1 - log(r2/r1). The KL
    /// divergence to a gamma or chi-squared distribution uses the gamma formula too.
    /// </summary>
    protected internal override Tensor? ClosedFormKL(Distribution other) => Gamma.FamilyKL(this, other);

    /// <summary>E_q[log p], which needs only the mean of q.</summary>
    protected internal override Tensor? ExpectedLogProb(Distribution other) => Rate.Log() - Rate * other.Mean;

    /// <summary>rate / (rate - t) e^(-t c). It is infinite for t >= rate.</summary>
    protected internal override Tensor? MeanExp(Tensor t, Tensor c)
    {
        Tensor finite = Tensor.Less(t, Rate);
        return Tensor.Where(
            finite, (Rate.Log() - Tensor.Where(finite, Rate - t, 1).Log() - t * c).Exp(), double.PositiveInfinity);
    }

    /// <summary>-gamma - log rate, where gamma is Euler's constant.</summary>
    protected internal override Tensor? MeanLog => -Rate.Log() - Formulas.EulerGamma;

    /// <summary>pi^2 / 6.</summary>
    protected internal override Tensor? VarianceLog => Constant(Math.PI * Math.PI / 6);

    /// <summary>Gamma(1 + k) / (rate unit)^k. It is infinite for k &lt;= -1.</summary>
    protected internal override Tensor? MeanPower(Tensor k, Tensor unit)
    {
        Tensor finite = Tensor.Less(Tensor.Scalar(-1, DType), k);
        return Tensor.Where(finite, (Tensor.Where(finite, k + 1, 1).LogGamma() - k * (Rate.Log() + unit.Log())).Exp(),
            double.PositiveInfinity);
    }

    /// <summary>c - 1/rate + 2 e^(-rate c) / rate for c >= 0; the mean minus c for c below 0.</summary>
    protected internal override Tensor? MeanAbsoluteDeviation(Tensor c)
    {
        Tensor positive = Tensor.GreaterOrEqual(c, 0);
        return Tensor.Where(positive, c - Mean + (-Rate * Tensor.Where(positive, c, 0)).Exp() * 2 / Rate, Mean - c);
    }
}
