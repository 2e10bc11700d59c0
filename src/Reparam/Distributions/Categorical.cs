using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// One of K outcomes with unnormalised log-probabilities <c>logits</c> [..., K]. A value is the number of the outcome,
/// 0 to K - 1. The distribution is discrete, so it has no <c>RSample</c>. For gradients through samples use
/// <see cref="RelaxedOneHotCategorical"/>, the score function, or enumeration.
/// </summary>
public sealed class Categorical : Distribution
{
    // Widens the original argument, before it is normalised and rounded.
    private readonly Func<Categorical> _widen;

    /// <summary>
    /// Creates the distribution from unnormalised log-probabilities [..., K]. An outcome with -infinity is impossible.
    /// </summary>
    /// <exception cref="ArgumentException">The logits have no axis of outcomes, or there is no outcome.</exception>
    public Categorical(Tensor logits)
        : base(RequireOutcomes(logits), [], logits.DType)
    {
        Logits = logits - logits.LogSumExp(^1, keepAxis: true);
        Count = logits.Shape[^1];
        _widen = () => new Categorical(Wide(logits));
    }

    private Categorical(Tensor normalized, Func<Categorical> widen)
        : base(RequireOutcomes(normalized), [], normalized.DType) =>
            (Logits, Count, _widen) = (normalized, normalized.Shape[^1], widen);

    /// <summary>Normalised log-probabilities [..., K].</summary>
    public Tensor Logits { get; }

    /// <summary>Probabilities [..., K].</summary>
    public Tensor Probs => Logits.Exp();

    /// <summary>K, the number of outcomes.</summary>
    public int Count { get; }

    /// <inheritdoc/>
    protected internal override Distribution? Widened => _widen();

    /// <inheritdoc/>
    public override Support Support => Support.Of(SupportKind.WholeNumbers, 0, Count - 1, DType);

    /// <summary>The mean of the outcome's number.</summary>
    public override Tensor Mean => (Probs * Tensor.Arange(Count, DType)).Sum(^1);

    /// <summary>The variance of the outcome's number.</summary>
    public override Tensor Variance =>
        (Probs * (Tensor.Arange(Count, DType) - Mean.Reshape(BatchShape + [1])).Square()).Sum(^1);

    /// <summary>The outcome with the largest probability; the first one if several have the same.</summary>
    public override Tensor Mode => Logits.ArgMax(^1);

    /// <summary>
    /// Creates the distribution from probabilities [..., K], which are not negative. They are divided by their sum.
    /// </summary>
    /// <exception cref="ArgumentException">A probability is negative, the probabilities have no axis of outcomes, or
    /// there is no outcome.</exception>
    public static Categorical FromProbs(Tensor probs)
    {
        RequireOutcomes(probs);
        Tensor total = Checked.NonNegative(probs).Sum(^1, keepAxis: true);
        // The derivative d log p / dp is infinite at p = 0. Where the incoming gradient is 0, the result must be 0, not
        // NaN.
        Tensor logs = Tensor.WithVjp(probs.Detach().Log(), [probs], g => [Tensor.Where(g, g / probs, 0)]);
        return new(logs - total.Log(), () => FromProbs(Wide(probs)));
    }

    /// <summary>The outcome with the largest logit plus Gumbel noise (Gumbel 1954).</summary>
    public override Tensor Sample(Rng rng, Shape sampleShape = default) =>
        NoisyLogits(Logits, rng, sampleShape, DatumAxis(sampleShape, BatchShape)).ArgMax(^1);

    /// <summary>The logit of the outcome; -infinity if the value is not an outcome.</summary>
    protected override Tensor LogProbCore(Tensor value)
    {
        Tensor chosen = Tensor.Where(1 - Formulas.IsNaN(value), value, -1).OneHot(Count);
        Tensor isOutcome = Tensor.Less(Tensor.Scalar(0, DType), chosen.Sum(^1));
        return Formulas.KeepNaN(
            Tensor.Where(isOutcome, Tensor.Where(chosen, Logits, 0).Sum(^1), double.NegativeInfinity), value);
    }

    /// <summary>-sum p log p. An outcome of probability 0 contributes 0.</summary>
    protected override Tensor EntropyCore() => -Weighted(Logits);

    /// <summary>
    /// The logarithm of the summed probabilities up to an outcome, or of the summed probabilities above it.
    /// </summary>
    protected override Tensor LogTailCore(Tensor value, bool upper)
    {
        Tensor column = value.Reshape(value.Shape + [1]), numbers = Tensor.Arange(Count, DType);
        Tensor counted = upper ? Tensor.Less(column, numbers) : Tensor.GreaterOrEqual(column, numbers);
        // The logarithm of an empty sum has no gradient.
        Tensor some = Tensor.Less(Tensor.Scalar(0, DType), counted.Sum(^1));
        Tensor held = Tensor.Where(some.Reshape(some.Shape + [1]), counted, 1);
        Tensor logs = Tensor.Where(held, Logits, double.NegativeInfinity).LogSumExp(^1);
        return Formulas.KeepNaN(Tensor.Where(some, logs, double.NegativeInfinity), value);
    }

    /// <summary>The smallest outcome whose cumulative probability is at least <paramref name="probability"/>.</summary>
    protected override Tensor InverseCdfCore(Tensor probability)
    {
        Tensor values = EnumerateSupport();
        Tensor below = Tensor.Less(
            TailCore(values, upper: false), probability.Reshape([1, .. probability.Shape])).Sum(0);
        // Rounding may leave the sum of all probabilities just below 1.
        return Tensor.Minimum(below, Tensor.Scalar(Count - 1, DType));
    }

    /// <summary>The values 0 to K - 1.</summary>
    public override Tensor EnumerateSupport() =>
        Tensor.Arange(Count, DType).Reshape(Shape.Create([Count, .. Enumerable.Repeat(1, BatchShape.Rank)]));

    /// <summary>
    /// The KL divergence to a categorical distribution: sum p1 (log p1 - log p2). It is infinite where p1 allows an
    /// outcome that is impossible under p2 or that p2 does not have.
    /// </summary>
    protected internal override Tensor? ClosedFormKL(Distribution other) => other is Categorical p
        ? Weighted(Logits - p.LogitsOf(Count)) : null;

    /// <summary>
    /// Log-probabilities of the numbers below <paramref name="count"/>. A number that is not an outcome has -infinity.
    /// </summary>
    private Tensor LogitsOf(int count) => count <= Count
        ? Logits.Slice(^1, 0, count)
        : Tensor.Concat(^1, Logits, Tensor.Full(BatchShape + [count - Count], double.NegativeInfinity, DType));

    /// <summary>sum p t over the outcomes of positive probability.</summary>
    private Tensor Weighted(Tensor t)
    {
        Tensor probs = Probs, possible = Tensor.Less(Tensor.Scalar(0, DType), probs);
        return Tensor.Where(possible, probs * Tensor.Where(possible, t, 0), 0).Sum(^1);
    }

    /// <summary>
    /// logits - log(-log u) with u uniform. The position of the maximum has the distribution of the logits.
    /// </summary>
    internal static Tensor NoisyLogits(Tensor logits, Rng rng, Shape sampleShape, int datumAxis)
    {
        ArgumentNullException.ThrowIfNull(rng);
        return logits - (-rng.UniformOpen(sampleShape + logits.Shape, logits.DType, datumAxis).Log()).Log();
    }

    /// <summary>The batch shape of distributions over the last axis.</summary>
    internal static Shape RequireOutcomes(Tensor logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        return logits.Rank > 0 && logits.Shape[^1] > 0
            ? logits.Shape[..^1]
            : throw new ArgumentException("The outcomes lie along the last axis and there must be at least one; got " +
                $"logits of shape {logits.Shape}.", nameof(logits));
    }
}
