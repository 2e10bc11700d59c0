using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// A <see cref="Categorical"/> distribution over vectors of K elements that are 1 at the outcome and 0 elsewhere.
/// Networks take values in this form. The distribution is discrete, so it has no <c>RSample</c>. For gradients through
/// samples use <see cref="RelaxedOneHotCategorical"/>, <see cref="StraightThroughOneHotCategorical"/> (biased), the
/// score function, or enumeration.
/// </summary>
public sealed class OneHotCategorical : Distribution
{
    private readonly Categorical _outcome;

    /// <summary>Creates the distribution from unnormalised log-probabilities [..., K].</summary>
    /// <exception cref="ArgumentException">There is no axis of outcomes, or no outcome.</exception>
    public OneHotCategorical(Tensor logits)
        : this(new Categorical(logits))
    {
    }

    private OneHotCategorical(Categorical outcome)
        : base(outcome.BatchShape, [outcome.Count], outcome.DType) => _outcome = outcome;

    /// <summary>Normalised log-probabilities [..., K].</summary>
    public Tensor Logits => _outcome.Logits;

    /// <summary>Probabilities [..., K].</summary>
    public Tensor Probs => _outcome.Probs;

    /// <inheritdoc/>
    protected internal override Distribution? Widened => new OneHotCategorical((Categorical)_outcome.Widened!);

    /// <inheritdoc/>
    public override Support Support => Support.Of(SupportKind.OneHot, 0, 1, DType);

    /// <summary>The probabilities.</summary>
    public override Tensor Mean => Probs;

    /// <summary>p (1 - p) for each element.</summary>
    public override Tensor Variance => Probs * (1 - Probs);

    /// <summary>The one-hot vector of the outcome with the largest probability.</summary>
    public override Tensor Mode => _outcome.Mode.OneHot(_outcome.Count);

    /// <summary>
    /// Creates the distribution from probabilities [..., K], which are not negative. They are divided by their sum.
    /// </summary>
    /// <exception cref="ArgumentException">A probability is negative, the probabilities have no axis of outcomes, or
    /// there is no outcome.</exception>
    public static OneHotCategorical FromProbs(Tensor probs) => new(Categorical.FromProbs(probs));

    /// <summary>The one-hot vector of the largest logit plus Gumbel noise.</summary>
    public override Tensor Sample(Rng rng, Shape sampleShape = default) =>
        _outcome.Sample(rng, sampleShape).OneHot(_outcome.Count);

    /// <summary>The logit of the outcome; -infinity if the value is not a one-hot vector.</summary>
    protected override Tensor LogProbCore(Tensor value)
    {
        Tensor known = Tensor.Less(Formulas.IsNaN(value).Sum(^1), 0.5);
        Tensor zeroOrOne = Formulas.IsZero(value) + Formulas.IsZero(value - 1);
        Tensor valid = Formulas.IsZero(value.Sum(^1) - 1) * Formulas.IsZero(zeroOrOne.Sum(^1) - _outcome.Count);
        Tensor logProb = Tensor.Where(valid, Tensor.Where(value, Logits, 0).Sum(^1), double.NegativeInfinity);
        return Tensor.Where(known, logProb, double.NaN);
    }

    /// <summary>-sum p log p.</summary>
    protected override Tensor EntropyCore() => _outcome.Entropy();

    /// <summary>The K one-hot vectors.</summary>
    public override Tensor EnumerateSupport() =>
        Tensor.Eye(_outcome.Count, DType).Reshape(
            Shape.Create([_outcome.Count, .. Enumerable.Repeat(1, BatchShape.Rank), _outcome.Count]));

    /// <summary>
    /// The KL divergence to a one-hot categorical. It equals the KL divergence of the categorical distributions.
    /// </summary>
    protected internal override Tensor? ClosedFormKL(Distribution other) => other is OneHotCategorical p
        ? _outcome.ClosedFormKL(p._outcome) : null;
}
