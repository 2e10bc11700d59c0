using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The number of failures before the first success of a coin with log-odds l: log p(k) = log p + k log(1 - p), k = 0,
/// 1, ... Each element of the parameters is a separate batch member. The distribution is discrete, so it has no
/// <c>RSample</c>.
/// </summary>
public sealed class Geometric : Distribution
{
    private readonly Bernoulli _coin;

    /// <summary>Creates the distribution from the log-odds of a success.</summary>
    public Geometric(Tensor logits)
        : base(Checked.NotNull(logits).Shape, [], logits.DType) => _coin = new Bernoulli(logits);

    /// <summary>The log-odds of a success.</summary>
    public Tensor Logits => _coin.Logits;

    /// <summary>The probability p of a success.</summary>
    public Tensor Probs => _coin.Probs;

    /// <inheritdoc/>
    protected internal override Distribution? Widened => new Geometric(Wide(Logits));

    /// <inheritdoc/>
    public override Support Support => Support.Of(SupportKind.WholeNumbers, 0, double.PositiveInfinity, DType);

    /// <summary>(1 - p) / p = e^-l.</summary>
    public override Tensor Mean => (-Logits).Exp();

    /// <summary>(1 - p) / p^2.</summary>
    public override Tensor Variance => Mean / Probs;

    /// <summary>Always 0.</summary>
    public override Tensor Mode => Constant(0);

    private Tensor LogSuccess => -(-Logits).SoftPlus();

    private Tensor LogFailure => -Logits.SoftPlus();

    /// <summary>Creates the distribution from the probability of a success, which is above 0 and at most 1.</summary>
    /// <exception cref="ArgumentException">A probability is not above 0 or exceeds 1.</exception>
    public static Geometric FromProbs(Tensor probs)
    {
        Checked.Positive(probs);
        return new(Bernoulli.FromProbs(probs).Logits);
    }

    /// <summary>floor(log u / log(1 - p)) with u uniform.</summary>
    public override Tensor Sample(Rng rng, Shape sampleShape = default) =>
        (UniformNoise(rng, sampleShape, DType.Float64).Log() / Wide(LogFailure)).Floor().To(DType).Detach();

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value) =>
        OnSupport(Support.Contains(value), value, 0, k => LogSuccess + k * LogFailure);

    /// <summary>The entropy of the coin times 1/p, the mean number of throws.</summary>
    protected override Tensor EntropyCore() => _coin.Entropy() / Probs;

    /// <summary>
    /// (floor(x) + 1) log(1 - p) for the upper tail, and the logarithm of the complement for the lower tail.
    /// </summary>
    protected override Tensor LogTailCore(Tensor value, bool upper) => LogTailOfCounts(value, upper, k =>
    {
        Tensor exponent = (k + 1) * -LogFailure;
        return upper ? -exponent : exponent.Log1mExp();
    });

    /// <summary>ceil(log(1 - q) / log(1 - p)) - 1.</summary>
    protected override Tensor InverseCdfCore(Tensor probability) =>
        (-(-((-probability).LogP1() / LogFailure)).Floor() - 1).Relu();

    /// <summary>
    /// The KL divergence to a geometric distribution: log(p1/p2) + (1 - p1)/p1 log((1 - p1)/(1 - p2)). It is 1/p1 times
    /// the KL divergence of the coins.
    /// </summary>
    protected internal override Tensor? ClosedFormKL(Distribution other) =>
        other is Geometric p ? _coin.ClosedFormKL(p._coin)! / Probs : null;

    /// <summary>E_q[log p], which needs the mean of q.</summary>
    protected internal override Tensor? ExpectedLogProb(Distribution other) => LogSuccess + other.Mean * LogFailure;
}
