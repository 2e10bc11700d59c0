using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The beta distribution on (0, 1): with a = concentration1 and b = concentration0, log p(x) = (a - 1) log x + (b - 1)
/// log(1 - x) - log B(a, b). Each element of the parameters is a separate batch member.
/// </summary>
/// <remarks>
/// A draw is the quantile of uniform noise. Its gradients are the implicit gradients -(dF/da) / p and -(dF/db) / p,
/// where F is the CDF and p the density at the draw (Figurnov, Mohamed and Mnih 2018).
/// </remarks>
public sealed class Beta : ReparameterizedDistribution
{
    /// <summary>
    /// Creates the distribution from a = concentration1 and b = concentration0, both positive. The shapes broadcast.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or a parameter is not positive.</exception>
    public Beta(Tensor concentration1, Tensor concentration0)
        : this(Checked.Broadcast(Checked.Positive(concentration1), Checked.Positive(concentration0),
            nameof(concentration1), nameof(concentration0)))
    {
    }

    private Beta((Tensor Concentration1, Tensor Concentration0) p)
        : base(p.Concentration1.Shape, [], p.Concentration1.DType) => (Concentration1, Concentration0) = p;

    /// <summary>The concentration a. As a grows, mass moves to 1.</summary>
    public Tensor Concentration1 { get; }

    /// <summary>The concentration b. As b grows, mass moves to 0.</summary>
    public Tensor Concentration0 { get; }

    /// <inheritdoc/>
    protected internal override Distribution? Widened => new Beta(Wide(Concentration1), Wide(Concentration0));

    /// <inheritdoc/>
    public override Support Support => Support.UnitInterval(DType);

    /// <summary>a / (a + b).</summary>
    public override Tensor Mean => Concentration1 / Total;

    /// <summary>a b / ((a + b)^2 (a + b + 1)).</summary>
    public override Tensor Variance => Mean * (Concentration0 / Total) / (Total + 1);

    /// <summary>(a - 1) / (a + b - 2) where both a and b exceed 1; otherwise the end with the larger density.</summary>
    public override Tensor Mode
    {
        get
        {
            Tensor one = Tensor.Scalar(1, DType);
            Tensor interior = Tensor.Less(one, Concentration1) * Tensor.Less(one, Concentration0);
            Tensor a = Tensor.Where(interior, Concentration1, 2), b = Tensor.Where(interior, Concentration0, 2);
            return Tensor.Where(
                interior, KeepInside((a - 1) / (a + b - 2)), Tensor.GreaterOrEqual(Concentration1, Concentration0));
        }
    }

    private Tensor Total => Concentration1 + Concentration0;

    /// <summary>
    /// The quantile of uniform noise, with implicit gradients. A draw that would round to 0 or 1 is kept inside (0, 1).
    /// </summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default)
    {
        Tensor u = UniformNoise(rng, sampleShape, DType.Float64);
        return KeepInside(
            Tensor.BetaQuantile(Concentration1.To(DType.Float64), Concentration0.To(DType.Float64), u).To(DType));
    }

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value) => OnSupport(
        Formulas.Within(value, 0, 1), value, 0.5, x => Tensor.LogBetaDensity(Concentration1, Concentration0, x));

    /// <summary>
    /// log B - (a - 1) digamma(a) - (b - 1) digamma(b) + (a + b - 2) digamma(a + b), computed from entropies of gamma
    /// variables.
    /// </summary>
    protected override Tensor EntropyCore() =>
        Concentration1.GammaEntropy() + Concentration0.GammaEntropy() - Total.GammaEntropy() - Total.Digamma();

    /// <summary>
    /// log I_x(a, b) for the lower tail and log(1 - I_x(a, b)) for the upper tail. I is the regularized incomplete beta
    /// function.
    /// </summary>
    protected override Tensor LogTailCore(Tensor value, bool upper) => LogTailWithin(value, 0, 1, upper, 0.5, x => upper
        ? Tensor.LogRegularizedBetaComplement(Concentration1, Concentration0, x)
        : Tensor.LogRegularizedBeta(Concentration1, Concentration0, x));

    /// <inheritdoc/>
    protected override Tensor InverseCdfCore(Tensor probability) =>
        Tensor.BetaQuantile(Concentration1, Concentration0, probability);

    /// <summary>
    /// The KL divergence to a beta: log B(a2, b2) - log B(a1, b1) + (a1 - a2) E[log x] + (b1 - b2) E[log(1 - x)].
    /// </summary>
    protected internal override Tensor? ClosedFormKL(Distribution other)
    {
        if (other is not Beta p) return null;
        (Tensor a1, Tensor b1, Tensor a2, Tensor b2) =
            (Concentration1, Concentration0, p.Concentration1, p.Concentration0);
        // For large concentrations that are close to each other: divergences of log Gamma, which grow with the distance
        // of the concentrations. For other concentrations: E[log p] minus the entropy. Each formula has parts that
        // cancel. The formula with the smaller parts is used.
        Tensor first = Tensor.LogGammaDivergence(a1, a2), second = Tensor.LogGammaDivergence(b1, b2);
        Tensor whole = Tensor.LogGammaDivergence(a1 + b1, a2 + b2), entropy = EntropyCore();
        Tensor normalizer = Tensor.LogBeta(a2, b2);
        Tensor meanA = (a2 - 1) * MeanLog, meanB = (b2 - 1) * MeanLogComplement;
        Tensor near = first + second + whole, far = entropy.Abs() + normalizer.Abs() + meanA.Abs() + meanB.Abs();
        return Tensor.Where(Tensor.Less(near, far), first + second - whole, normalizer - entropy - meanA - meanB);
    }

    /// <summary>E_q[log p], which needs E_q[log x] and E_q[log(1 - x)].</summary>
    protected internal override Tensor? ExpectedLogProb(Distribution other) =>
        other.MeanLog is { } log && other.MeanLogComplement is { } complement
            ? (Concentration1 - 1) * log + (Concentration0 - 1) * complement - Tensor.LogBeta(
                Concentration1, Concentration0)
            : null;

    /// <summary>digamma(a) - digamma(a + b).</summary>
    protected internal override Tensor MeanLog => -Tensor.DigammaDifference(Concentration1, Concentration0);

    /// <summary>digamma(b) - digamma(a + b).</summary>
    protected internal override Tensor MeanLogComplement => -Tensor.DigammaDifference(Concentration0, Concentration1);

    /// <summary>B(a + k, b) / B(a, b) / unit^k. It is infinite where k &lt;= -a.</summary>
    protected internal override Tensor? MeanPower(Tensor k, Tensor unit)
    {
        Tensor argument = Concentration1 + k, finite = Tensor.Less(Tensor.Scalar(0, DType), argument);
        Tensor log = Tensor.LogBeta(Tensor.Where(finite, argument, 1), Concentration0) - Tensor.LogBeta(
            Concentration1, Concentration0) - k * unit.Log();
        return Tensor.Where(finite, log.Exp(), double.PositiveInfinity);
    }
}
