using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The Kumaraswamy distribution on (0, 1), with CDF 1 - (1 - x^a)^b (Kumaraswamy 1980). It is similar to a beta
/// distribution, but its quantile has a closed form: log p(x) = log a + log b + (a - 1) log x + (b - 1) log(1 - x^a).
/// Each element of the parameters is a separate batch member.
/// </summary>
public sealed class Kumaraswamy : ReparameterizedDistribution
{
    /// <summary>
    /// Creates the distribution from a = concentration1 and b = concentration0, both positive. The shapes broadcast.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or a parameter is not positive.</exception>
    public Kumaraswamy(Tensor concentration1, Tensor concentration0)
        : this(Checked.Broadcast(Checked.Positive(concentration1), Checked.Positive(concentration0),
            nameof(concentration1), nameof(concentration0)))
    {
    }

    private Kumaraswamy((Tensor Concentration1, Tensor Concentration0) p)
        : base(p.Concentration1.Shape, [], p.Concentration1.DType) => (Concentration1, Concentration0) = p;

    /// <summary>The exponent a of x.</summary>
    public Tensor Concentration1 { get; }

    /// <summary>The exponent b of 1 - x^a.</summary>
    public Tensor Concentration0 { get; }

    /// <inheritdoc/>
    protected internal override Distribution? Widened => new Kumaraswamy(Wide(Concentration1), Wide(Concentration0));

    /// <inheritdoc/>
    public override Support Support => Support.UnitInterval(DType);

    /// <summary>b B(1 + 1/a, b).</summary>
    public override Tensor Mean => LogMoment(Tensor.Ones([], DType)).Exp().To(DType);

    /// <summary>E[X^2] - E[X]^2, computed as a difference of logarithms.</summary>
    public override Tensor Variance
    {
        get
        {
            // With d = 1/a, log E[X^2] - 2 log E[X] is a second difference of log Gamma around 1 + d minus a second
            // difference around 1 + d + b.
            Tensor d = Wide(Concentration1).Reciprocal(), b = Wide(Concentration0);
            Tensor About(Tensor low) =>
                Tensor.LogGammaDivergence(low + d, low + d * 2, d) + Tensor.LogGammaDivergence(low + d, low, -d);
            Tensor spread = About(Tensor.Ones(d.Shape, d.DType)) - About(b + 1);
            return Formulas.ExpTimesExpM1(LogMoment(Tensor.Ones([], DType)) * 2, spread).To(DType);
        }
    }

    /// <summary>
    /// ((a - 1) / (a b - 1))^(1/a) where a and b exceed 1; otherwise the end with the larger density.
    /// </summary>
    public override Tensor Mode
    {
        get
        {
            Tensor one = Tensor.Scalar(1, DType);
            Tensor interior = Tensor.Less(one, Concentration1) * Tensor.Less(one, Concentration0);
            Tensor a = Tensor.Where(interior, Concentration1, 2), b = Tensor.Where(interior, Concentration0, 2);
            Tensor end = Tensor.GreaterOrEqual(Concentration1, Concentration0);
            return Tensor.Where(interior, KeepInside((((a - 1) / (a * b - 1)).Log() / a).Exp()), end);
        }
    }

    /// <summary>
    /// (1 - u^(1/b))^(1/a) with u uniform, differentiable in both parameters. A draw that would round to 0 or 1 is kept
    /// inside (0, 1).
    /// </summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default) =>
        KeepInside(QuantileDraw(rng, sampleShape).To(DType));

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value) => OnSupport(Formulas.Within(value, 0, 1), value, 0.5, x =>
    {
        // At an end, the powers of x and of 1 - x^a are 0, 1 or infinite, depending on their exponents.
        Tensor positive = Tensor.Less(Tensor.Scalar(0, DType), x), below = Tensor.Less(x, 1), inside = positive * below;
        Tensor rest = (-Concentration1 * Tensor.Where(inside, x, 0.5).Log()).Log1mExp();
        Tensor atOne = Formulas.XLogY((Concentration0 - 1).Detach(), Tensor.Zeros([], DType));
        Tensor power = (Concentration0 - 1) * rest;
        Tensor complement = Tensor.Where(inside, power, Tensor.Where(positive, atOne, 0));
        return Concentration1.Log() + Concentration0.Log() + Formulas.XLogY(Concentration1 - 1, x) + complement;
    });

    /// <summary>
    /// (1 - 1/b) + (1 - 1/a) H_b - log(a b) with H_b = digamma(b + 1) + gamma, where gamma is Euler's constant.
    /// </summary>
    protected override Tensor EntropyCore() =>
        1 - Concentration0.Reciprocal() + (1 - Concentration1.Reciprocal()) * Harmonic - Concentration1.Log()
            - Concentration0.Log();

    /// <summary>b log(1 - x^a) for the upper tail, and the logarithm of the complement for the lower tail.</summary>
    protected override Tensor LogTailCore(Tensor value, bool upper) => LogTailWithin(value, 0, 1, upper, 0.5, x =>
    {
        Tensor power = -Concentration1 * x.Log(), exponent = -Concentration0 * power.Log1mExp();
        // Where x^a underflows, 1 - (1 - x^a)^b equals b x^a.
        Tensor tiny = Tensor.Less(Tensor.Scalar(600, DType), power);
        return upper
            ? -exponent
            : Tensor.Where(
                tiny, Concentration0.Log() - power, Tensor.Where(tiny, Tensor.Scalar(1, DType), exponent).Log1mExp());
    });

    /// <summary>(1 - (1 - p)^(1/b))^(1/a).</summary>
    protected override Tensor InverseCdfCore(Tensor probability) =>
        (TailLog((-probability).LogP1()) / Concentration1).Exp();

    /// <summary>-H_b / a.</summary>
    protected internal override Tensor? MeanLog => -Harmonic / Concentration1;

    /// <summary>b B(1 + k/a, b) / unit^k. It is infinite for k &lt;= -a.</summary>
    protected internal override Tensor? MeanPower(Tensor k, Tensor unit)
    {
        Tensor finite = Tensor.Less(-Concentration1, k);
        return Tensor.Where(finite, (LogMoment(Tensor.Where(finite, k, 0)) - Wide(k * unit.Log())).Exp().To(DType),
            double.PositiveInfinity);
    }

    private Tensor Harmonic => (Concentration0 + 1).Digamma() + Formulas.EulerGamma;

    /// <summary>log E[X^k], in Float64.</summary>
    private Tensor LogMoment(Tensor k) =>
        Wide(Concentration0).Log() + Tensor.LogBeta(Wide(k) / Wide(Concentration1) + 1, Wide(Concentration0));

    /// <summary>log(1 - t^(1/b)), computed from log t.</summary>
    private Tensor TailLog(Tensor log) => (-log / Concentration0).Log1mExp();
}
