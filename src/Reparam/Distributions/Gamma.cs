using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The gamma distribution. With a the concentration, log p(x) = a log rate + (a - 1) log x - rate x - log Gamma(a) for
/// x > 0. Each element of the parameters is a separate batch member.
/// </summary>
/// <remarks>
/// A draw is the quantile of uniform noise, so for fixed noise it changes smoothly with the parameters. Its gradient
/// with respect to the concentration is the implicit gradient -(dF/da) / p, where F is the CDF and p the density at the
/// draw (Figurnov, Mohamed and Mnih 2018).
/// </remarks>
public sealed class Gamma : ReparameterizedDistribution
{
    /// <summary>
    /// Creates the distribution from the concentration (shape) and the rate (1 / scale), both positive. The shapes
    /// broadcast.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or a parameter is not positive.</exception>
    public Gamma(Tensor concentration, Tensor rate)
        : this(Checked.Broadcast(
            Checked.Positive(concentration), Checked.Positive(rate), nameof(concentration), nameof(rate)))
    {
    }

    private Gamma((Tensor Concentration, Tensor Rate) p)
        : base(p.Concentration.Shape, [], p.Concentration.DType) => (Concentration, Rate) = p;

    /// <summary>The concentration a (the shape parameter).</summary>
    public Tensor Concentration { get; }

    /// <summary>1 / scale.</summary>
    public Tensor Rate { get; }

    /// <inheritdoc/>
    protected internal override Distribution? Widened => new Gamma(Wide(Concentration), Wide(Rate));

    /// <inheritdoc/>
    public override Support Support => Support.Positive(DType);

    /// <summary>a / rate.</summary>
    public override Tensor Mean => Concentration / Rate;

    /// <summary>a / rate^2.</summary>
    public override Tensor Variance => Concentration / Rate.Square();

    /// <summary>(a - 1) / rate, or 0 where a is below 1.</summary>
    public override Tensor Mode => (Concentration - 1).Relu() / Rate;

    /// <summary>
    /// A draw from Gamma(a, 1), divided by the rate: d/drate = -z / rate, and d/da is the implicit gradient. A draw
    /// that would round to 0 is replaced by the smallest positive normal number.
    /// </summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default)
    {
        Tensor u = UniformNoise(rng, sampleShape, DType.Float64);
        return KeepPositive(
            (Tensor.GammaQuantile(Concentration.To(DType.Float64), u) / Rate.To(DType.Float64)).To(DType));
    }

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value) => OnSupport(
        Tensor.GreaterOrEqual(value, 0), value, 1, x => LogDensity(Concentration, Rate, x));

    /// <summary>a - log rate + log Gamma(a) + (1 - a) digamma(a).</summary>
    protected override Tensor EntropyCore() => Concentration.GammaEntropy() - Rate.Log();

    /// <summary>
    /// log P(a, rate x) for the lower tail and log Q(a, rate x) for the upper tail. P and Q are the regularized
    /// incomplete gamma functions.
    /// </summary>
    protected override Tensor LogTailCore(Tensor value, bool upper) =>
        LogTailWithin(value, 0, double.PositiveInfinity, upper, 1, x =>
        upper ? Tensor.LogRegularizedGammaQ(Concentration, Rate * x)
            : Tensor.LogRegularizedGammaP(Concentration, Rate * x));

    /// <inheritdoc/>
    protected override Tensor InverseCdfCore(Tensor probability) =>
        Tensor.GammaQuantile(Concentration, probability) / Rate;

    /// <summary>
    /// The KL divergence to a gamma, an exponential or a chi-squared distribution (<see cref="FamilyKL"/>).
    /// </summary>
    protected internal override Tensor? ClosedFormKL(Distribution other) => FamilyKL(this, other);

    /// <summary>E_q[log p], which needs E_q[x] and E_q[log x].</summary>
    protected internal override Tensor? ExpectedLogProb(Distribution other) =>
        other.MeanLog is { } log ? Concentration * Rate.Log() - Concentration.LogGamma() + (Concentration - 1) * log
            - Rate * other.Mean : null;

    /// <summary>digamma(a) - log rate.</summary>
    protected internal override Tensor? MeanLog => Concentration.Digamma() - Rate.Log();

    /// <summary>(1 - t / rate)^-a e^(-t c). It is infinite for t >= rate.</summary>
    protected internal override Tensor? MeanExp(Tensor t, Tensor c)
    {
        Tensor ratio = t / Rate, finite = Tensor.Less(ratio, 1);
        return Tensor.Where(finite, (-Concentration * (-Tensor.Where(finite, ratio, 0)).LogP1() - t * c).Exp(),
            double.PositiveInfinity);
    }

    /// <summary>Gamma(a + k) / Gamma(a) / (rate unit)^k. It is infinite for k &lt;= -a.</summary>
    protected internal override Tensor? MeanPower(Tensor k, Tensor unit)
    {
        Tensor argument = Concentration + k, finite = Tensor.Less(Tensor.Scalar(0, DType), argument);
        return Tensor.Where(
            finite, (Tensor.Where(finite, argument, 1).LogGamma() - Concentration.LogGamma()
                - k * (Rate.Log() + unit.Log())).Exp(), double.PositiveInfinity);
    }

    /// <summary>c (2 F_a(c) - 1) + (a / rate) (1 - 2 F_(a+1)(c)) for c above 0; the mean minus c otherwise.</summary>
    protected internal override Tensor? MeanAbsoluteDeviation(Tensor c)
    {
        Tensor positive = Tensor.Less(Tensor.Scalar(0, DType), c), at = Rate * Tensor.Where(positive, c, 1);
        Tensor inside = c * (Tensor.RegularizedGammaP(Concentration, at) * 2 - 1)
            + Mean * (1 - Tensor.RegularizedGammaP(Concentration + 1, at) * 2);
        return Tensor.Where(positive, inside, Mean - c);
    }

    /// <summary>
    /// The KL divergence between two distributions that are gamma, exponential (shape 1) or chi-squared (shape df/2,
    /// rate 1/2): (a1 - a2) digamma(a1) - log Gamma(a1) + log Gamma(a2) + a2 log(r1/r2) + a1 (r2/r1 - 1). It is null
    /// for other distributions.
    /// </summary>
    internal static Tensor? FamilyKL(Distribution q, Distribution p)
    {
        if (Shape(q) is not { } a || Shape(p) is not { } b) return null;
        (Tensor a1, Tensor a2, Tensor r1, Tensor r2) = (a.Concentration, b.Concentration, a.Rate, b.Rate);
        // For shapes that are close: the divergence of log Gamma, plus a1 (r - 1) - a2 log r of the ratio r = r2/r1 of
        // the rates. For shapes that are far apart: E[log p] minus the entropy. Each formula has parts that cancel. The
        // formula with the smaller parts is used.
        Tensor shapes = Tensor.LogGammaDivergence(a1, a2), excess = a1 * ((r2 - r1) / r1);
        Tensor logs = a2 * Formulas.LogRatio(r2, r1);
        Tensor meanLog = (a2 - 1) * (a1.Digamma() - r1.Log()), normalizer = a2.LogGamma() - a2 * r2.Log();
        Tensor mean = a1 * (r2 / r1);
        Tensor entropy = a1.GammaEntropy() - r1.Log();
        Tensor near = shapes + excess.Abs() + logs.Abs(), far = meanLog.Abs() + normalizer.Abs() + mean + entropy.Abs();
        return Tensor.Where(Tensor.Less(near, far), shapes + excess - logs, mean - meanLog + normalizer - entropy);

        static (Tensor Concentration, Tensor Rate)? Shape(Distribution d) => d switch
        {
            Gamma gamma => (gamma.Concentration, gamma.Rate),
            Exponential exponential => (Tensor.Ones([], d.DType), exponential.Rate),
            Chi2 chi => (chi.DegreesOfFreedom * 0.5, Tensor.Scalar(0.5, d.DType)),
            _ => null,
        };
    }

    /// <summary>
    /// a log rate + (a - 1) log x - rate x - log Gamma(a) for x >= 0, in the element type of the arguments.
    /// </summary>
    internal static Tensor LogDensity(Tensor a, Tensor rate, Tensor x)
    {
        // Where rate x is 0 or nearly 0, there are no large parts to cancel. The separate factors keep their digits
        // there.
        Tensor y = rate * x, tiny = Tensor.Less(y, 1e-290), power = Formulas.XLogY(a - 1, Tensor.Where(tiny, x, 1));
        Tensor standard = Tensor.LogGammaDensity(a, Tensor.Where(tiny, Tensor.Scalar(1, y.DType), y)) + rate.Log();
        return Tensor.Where(tiny, a * rate.Log() + power - a.LogGamma(), standard);
    }

    /// <summary>
    /// The logarithm of a draw x from Gamma(a, 1) as a function of uniform noise u, in Float64. It is accurate also
    /// where x itself would underflow: there the CDF of x is x^a / Gamma(a + 1) to the last digit, and log x is solved
    /// from it.
    /// </summary>
    internal static Tensor LogStandardDraw(Tensor concentration, Tensor u)
    {
        Tensor x = Tensor.GammaQuantile(concentration, u), tiny = Tensor.Less(x, 1e-250);
        Tensor power = (u.Log() + (concentration + 1).LogGamma()) / concentration;
        return Tensor.Where(tiny, power, Tensor.Where(1 - tiny, x, 1).Log());
    }
}
