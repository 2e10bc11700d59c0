using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// One of K outcomes with unnormalised log-probabilities <c>logits</c> [..., K]; a value is the outcome's number, 0 to
/// K - 1. Discrete: there is no <c>RSample</c>; for gradients through samples use
/// <see cref="RelaxedOneHotCategorical"/>, the score function, or enumeration.
/// </summary>
public sealed class Categorical : Distribution
{
    // From what was given, before it was normalised and rounded.
    private readonly Func<Categorical> _widen;

    /// <summary>From unnormalised log-probabilities [..., K]; -infinity rules an outcome out.</summary>
    /// <exception cref="ArgumentException">There is no axis of outcomes, or no outcome.</exception>
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

    /// <summary>The likeliest outcome, the first of equals.</summary>
    public override Tensor Mode => Logits.ArgMax(^1);

    /// <summary>From probabilities [..., K], not negative; they are divided by their sum.</summary>
    /// <exception cref="ArgumentException">A probability is negative.</exception>
    public static Categorical FromProbs(Tensor probs)
    {
        RequireOutcomes(probs);
        Tensor total = Checked.NonNegative(probs).Sum(^1, keepAxis: true);
        // d log p / dp is infinite at 0: where nothing depends on that logarithm it must not make a NaN of it.
        Tensor logs = Tensor.WithVjp(probs.Detach().Log(), [probs], g => [Tensor.Where(g, g / probs, 0)]);
        return new(logs - total.Log(), () => FromProbs(Wide(probs)));
    }

    /// <summary>The outcome with the largest logit plus Gumbel noise (Gumbel 1954).</summary>
    public override Tensor Sample(Rng rng, Shape sampleShape = default) =>
        NoisyLogits(Logits, rng, sampleShape, DatumAxis(sampleShape, BatchShape)).ArgMax(^1);

    /// <summary>The logit of the outcome; -infinity for what is none.</summary>
    protected override Tensor LogProbCore(Tensor value)
    {
        Tensor chosen = Tensor.Where(1 - Formulas.IsNaN(value), value, -1).OneHot(Count);
        Tensor isOutcome = Tensor.Less(Tensor.Scalar(0, DType), chosen.Sum(^1));
        return Formulas.KeepNaN(
            Tensor.Where(isOutcome, Tensor.Where(chosen, Logits, 0).Sum(^1), double.NegativeInfinity), value);
    }

    /// <summary>-sum p log p, an outcome of probability 0 counting nothing.</summary>
    protected override Tensor EntropyCore() => -Weighted(Logits);

    /// <summary>The logarithm of the sum of the probabilities up to an outcome, or of those above it.</summary>
    protected override Tensor LogTailCore(Tensor value, bool upper)
    {
        Tensor column = value.Reshape(value.Shape + [1]), numbers = Tensor.Arange(Count, DType);
        Tensor counted = upper ? Tensor.Less(column, numbers) : Tensor.GreaterOrEqual(column, numbers);
        // A logarithm of a sum over none has no gradient to give.
        Tensor some = Tensor.Less(Tensor.Scalar(0, DType), counted.Sum(^1));
        Tensor held = Tensor.Where(some.Reshape(some.Shape + [1]), counted, 1);
        Tensor logs = Tensor.Where(held, Logits, double.NegativeInfinity).LogSumExp(^1);
        return Formulas.KeepNaN(Tensor.Where(some, logs, double.NegativeInfinity), value);
    }

    /// <summary>The least outcome up to which the probabilities sum to that much.</summary>
    protected override Tensor InverseCdfCore(Tensor probability)
    {
        Tensor values = EnumerateSupport();
        Tensor below = Tensor.Less(
            TailCore(values, upper: false), probability.Reshape([1, .. probability.Shape])).Sum(0);
        // Rounding may leave the whole sum just below 1.
        return Tensor.Minimum(below, Tensor.Scalar(Count - 1, DType));
    }

    /// <summary>0 to K - 1.</summary>
    public override Tensor EnumerateSupport() =>
        Tensor.Arange(Count, DType).Reshape(Shape.Create([Count, .. Enumerable.Repeat(1, BatchShape.Rank)]));

    /// <summary>Against a categorical distribution: sum p1 (log p1 - log p2), infinite where p2 rules out, or does not
    /// have, what p1 allows.</summary>
    protected internal override Tensor? ClosedFormKL(Distribution other) => other is Categorical p
        ? Weighted(Logits - p.LogitsOf(Count)) : null;

    /// <summary>Log-probabilities of the numbers below <paramref name="count"/>, -infinity for those that are no
    /// outcome.</summary>
    private Tensor LogitsOf(int count) => count <= Count
        ? Logits.Slice(^1, 0, count)
        : Tensor.Concat(^1, Logits, Tensor.Full(BatchShape + [count - Count], double.NegativeInfinity, DType));

    /// <summary>sum p t over the outcomes of positive probability.</summary>
    private Tensor Weighted(Tensor t)
    {
        Tensor probs = Probs, possible = Tensor.Less(Tensor.Scalar(0, DType), probs);
        return Tensor.Where(possible, probs * Tensor.Where(possible, t, 0), 0).Sum(^1);
    }

    /// <summary>logits - log(-log u), u uniform: the maximum's position has the distribution of the logits.</summary>
    internal static Tensor NoisyLogits(Tensor logits, Rng rng, Shape sampleShape, int datumAxis)
    {
        ArgumentNullException.ThrowIfNull(rng);
        return logits - (-rng.UniformOpen(sampleShape + logits.Shape, logits.DType, datumAxis).Log()).Log();
    }

    /// <summary>The batch of distributions over the last axis.</summary>
    internal static Shape RequireOutcomes(Tensor logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        return logits.Rank > 0 && logits.Shape[^1] > 0
            ? logits.Shape[..^1]
            : throw new ArgumentException("Outcomes lie along the last axis and there is at least one, got logits " +
                $"of shape {logits.Shape}.", nameof(logits));
    }
}
