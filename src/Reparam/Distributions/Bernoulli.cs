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
        : base(logits.Shape, [], logits.DType) => Logits = logits;

    /// <summary>The log-odds of a one.</summary>
    public Tensor Logits { get; }

    /// <summary>The probability of a one.</summary>
    public Tensor Probs => Logits.Sigmoid();

    /// <inheritdoc/>
    public override Tensor Mean => Probs;

    /// <summary>From probabilities in (0, 1).</summary>
    public static Bernoulli FromProbs(Tensor probs) => new(probs.Log() - (-probs).LogP1());

    /// <inheritdoc/>
    public override Tensor Sample(Rng rng, Shape sampleShape = default)
    {
        Tensor uniform = rng.Uniform(sampleShape + BatchShape, DType, DatumAxis(sampleShape, BatchShape));
        return Tensor.Less(uniform, Probs);
    }

    /// <summary>x l - softplus(l). Between 0 and 1 a value counts as a cross-entropy target: not the density of any
    /// distribution over grey values.</summary>
    public override Tensor LogProb(Tensor value) => Tensor.BernoulliLogProb(Logits, value);

    /// <inheritdoc/>
    protected internal override Tensor LogProbOver(Tensor value, int axes) => Tensor.BernoulliLogProb(Logits, value, axes);

    /// <summary>softplus(l) - l sigmoid(l).</summary>
    public override Tensor Entropy() => Logits.SoftPlus() - Logits * Probs;

    /// <summary>Against a Bernoulli: p (l1 - l2) - softplus(l1) + softplus(l2).</summary>
    protected internal override Tensor? ClosedFormKL(Distribution other) =>
        other is Bernoulli q ? Probs * (Logits - q.Logits) - Logits.SoftPlus() + q.Logits.SoftPlus() : null;
}
