using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// A coin with log-odds <c>logits</c>, every element a batch member of its own. log p(x) = x l - softplus(l), finite for any
/// finite l. Discrete: there is no <c>RSample</c>; for gradients through samples use a relaxed (Concrete) distribution, the score
/// function, or enumeration.
/// </summary>
public sealed class Bernoulli : Distribution
{
    /// <summary>From log-odds: p(x = 1) = sigmoid(logits).</summary>
    public Bernoulli(Tensor logits)
        : base(Checked.NotNull(logits).Shape, [], logits.DType) => Logits = logits;

    /// <summary>The log-odds of a one.</summary>
    public Tensor Logits { get; }

    /// <summary>The probability of a one.</summary>
    public Tensor Probs => Logits.Sigmoid();

    /// <inheritdoc/>
    public override Support Support => Support.Of(SupportKind.WholeNumbers, 0, 1, DType);

    /// <inheritdoc/>
    public override Tensor Mean => Probs;

    /// <summary>p (1 - p), as sigmoid(l) sigmoid(-l).</summary>
    public override Tensor Variance => Probs * (-Logits).Sigmoid();

    /// <summary>1 where the odds are even or better.</summary>
    public override Tensor Mode => Tensor.GreaterOrEqual(Logits, 0);

    /// <summary>From probabilities in [0, 1]; 0 and 1 are read as the nearest numbers inside, so that the log-odds stay finite.</summary>
    /// <exception cref="ArgumentException">A probability lies outside.</exception>
    public static Bernoulli FromProbs(Tensor probs) => new(LogOdds(probs));

    /// <summary>log p - log(1 - p), finite at both ends.</summary>
    internal static Tensor LogOdds(Tensor probs)
    {
        (double smallest, double belowOne) = Formulas.Edges(probs.DType);
        Tensor inside = Checked.Probability(probs).Clamp(smallest, belowOne);
        return inside.Log() - (-inside).LogP1();
    }

    /// <inheritdoc/>
    public override Tensor Sample(Rng rng, Shape sampleShape = default)
    {
        Tensor uniform = rng.Uniform(sampleShape + BatchShape, DType, DatumAxis(sampleShape, BatchShape));
        return Tensor.Less(uniform, Probs);
    }

    /// <summary>x l - softplus(l). Between 0 and 1 a value counts as a cross-entropy target: not the density of any
    /// distribution over grey values. Where l is infinite, 0 for what is certain and -infinity for anything else, without a gradient.</summary>
    public override Tensor LogProb(Tensor value)
    {
        Tensor logProb = Tensor.BernoulliLogProb(Logits, value);
        return logProb.IsFinite() ? logProb : WithCertain(value);
    }

    /// <inheritdoc/>
    protected internal override Tensor LogProbOver(Tensor value, int axes)
    {
        Tensor logProb = Tensor.BernoulliLogProb(Logits, value, axes);
        return logProb.IsFinite() ? logProb : WithCertain(value).SumFrom(^axes);
    }

    /// <summary>The same, slower, where log-odds may be infinite.</summary>
    private Tensor WithCertain(Tensor value)
    {
        Tensor infinity = Tensor.Scalar(double.PositiveInfinity, DType);
        Tensor one = Tensor.GreaterOrEqual(Logits, infinity), zero = Tensor.GreaterOrEqual(-infinity, Logits), certain = one + zero;
        Tensor odds = Tensor.Where(certain, Tensor.Scalar(0, DType), Logits);
        Tensor missed = one * (1 - Formulas.IsZero(value - 1)) + zero * (1 - Formulas.IsZero(value));
        Tensor sure = Tensor.Where(missed, Tensor.Scalar(double.NegativeInfinity, DType), 0);
        return Tensor.Where(certain, sure, Tensor.BernoulliLogProb(odds, value));
    }

    /// <summary>softplus(l) - l sigmoid(l), which is even in l: with s = |l| as softplus(-s) + s sigmoid(-s), where nothing cancels.</summary>
    public override Tensor Entropy()
    {
        // Past 1e4 both are 0, and an infinity times 0 would be NaN.
        Tensor decay = -Logits.Abs().Clamp(0, 1e4);
        return decay.SoftPlus() - decay * decay.Sigmoid();
    }

    /// <summary>0 below 0, 1 - p below 1, 1 from there on.</summary>
    public override Tensor Cdf(Tensor value) =>
        Tensor.GreaterOrEqual(value, 1) + Tensor.GreaterOrEqual(value, 0) * Tensor.Less(value, 1) * (-Logits).Sigmoid();

    /// <summary>1 where the probability exceeds 1 - p.</summary>
    public override Tensor InverseCdf(Tensor probability) => Tensor.Less((-Logits).Sigmoid(), probability);

    /// <summary>0 and 1.</summary>
    public override Tensor EnumerateSupport() => Tensor.Arange(2, DType).Reshape(Shape.Create([2, .. Enumerable.Repeat(1, BatchShape.Rank)]));

    /// <summary>Against a Bernoulli: p (l1 - l2) - softplus(l1) + softplus(l2).</summary>
    protected internal override Tensor? ClosedFormKL(Distribution other) =>
        other is Bernoulli q ? Probs * (Logits - q.Logits) - Logits.SoftPlus() + q.Logits.SoftPlus() : null;
}
