using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// A coin with log-odds <c>logits</c>. Each element of the parameters is a separate batch member. log p(x) = x l -
/// softplus(l), which is finite for every finite l. The distribution is discrete, so it has no <c>RSample</c>. For
/// gradients through samples use a relaxed (Concrete) distribution, the score function, or enumeration.
/// </summary>
public sealed class Bernoulli : Distribution
{
    /// <summary>Creates the distribution from log-odds: p(x = 1) = sigmoid(logits).</summary>
    public Bernoulli(Tensor logits)
        : base(Checked.NotNull(logits).Shape, [], logits.DType) => Logits = logits;

    /// <summary>The log-odds of the value 1.</summary>
    public Tensor Logits { get; }

    /// <summary>The probability of the value 1.</summary>
    public Tensor Probs => Logits.Sigmoid();

    /// <inheritdoc/>
    protected internal override Distribution? Widened => new Bernoulli(Wide(Logits));

    /// <inheritdoc/>
    public override Support Support => Support.Of(SupportKind.WholeNumbers, 0, 1, DType);

    /// <inheritdoc/>
    public override Tensor Mean => Probs;

    /// <summary>p (1 - p), as sigmoid(l) sigmoid(-l).</summary>
    public override Tensor Variance => Probs * (-Logits).Sigmoid();

    /// <summary>1 where the log-odds are 0 or more, otherwise 0.</summary>
    public override Tensor Mode => Tensor.GreaterOrEqual(Logits, 0);

    /// <summary>
    /// Creates the distribution from probabilities in [0, 1]. A probability of 0 or 1 is replaced by the nearest number
    /// inside (0, 1), so that the log-odds stay finite.
    /// </summary>
    /// <exception cref="ArgumentException">A probability lies outside [0, 1].</exception>
    public static Bernoulli FromProbs(Tensor probs) => new(LogOdds(probs));

    /// <summary>log p - log(1 - p), which is finite also at p = 0 and p = 1.</summary>
    internal static Tensor LogOdds(Tensor probs)
    {
        (double smallest, double belowOne) = Formulas.Edges(probs.DType);
        // The clamp passes the gradient, because log(1 - p) has slope -1 at p = 0.
        Tensor inside = Keep(Checked.Probability(probs), smallest, belowOne);
        return inside.Log() - (-inside).LogP1();
    }

    /// <inheritdoc/>
    public override Tensor Sample(Rng rng, Shape sampleShape = default)
    {
        Tensor uniform = rng.Uniform(sampleShape + BatchShape, DType, DatumAxis(sampleShape, BatchShape));
        return Tensor.Less(uniform, Probs);
    }

    /// <summary>
    /// x l - softplus(l). A value between 0 and 1 counts as a cross-entropy target; the result is then not the density
    /// of any distribution over grey values. Below 0 and above 1 the result is -infinity. Where l is infinite, the
    /// result is 0 for the certain value and -infinity for any other value, without a gradient.
    /// </summary>
    protected override Tensor LogProbCore(Tensor value)
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

    /// <summary>The same log-density for log-odds that may be infinite. It is slower.</summary>
    private Tensor WithCertain(Tensor value)
    {
        Tensor infinity = Tensor.Scalar(double.PositiveInfinity, DType);
        Tensor one = Tensor.GreaterOrEqual(Logits, infinity), zero = Tensor.GreaterOrEqual(-infinity, Logits),
            certain = one + zero;
        Tensor odds = Tensor.Where(certain, Tensor.Scalar(0, DType), Logits);
        Tensor missed = one * (1 - Formulas.IsZero(value - 1)) + zero * (1 - Formulas.IsZero(value));
        Tensor sure = Tensor.Where(missed, Tensor.Scalar(double.NegativeInfinity, DType), 0);
        return Tensor.Where(certain, Formulas.KeepNaN(sure, value), Tensor.BernoulliLogProb(odds, value));
    }

    /// <summary>
    /// softplus(l) - l sigmoid(l), which is even in l. With s = |l| it is computed as softplus(-s) + s sigmoid(-s),
    /// where nothing cancels.
    /// </summary>
    protected override Tensor EntropyCore()
    {
        // Past 1e4 both terms are 0. An infinity times 0 would be NaN.
        Tensor decay = -Logits.Abs().Clamp(0, 1e4);
        return decay.SoftPlus() - decay * decay.Sigmoid();
    }

    /// <summary>
    /// The lower tail is 0 for a value below 0, 1 - p from 0 to below 1, and 1 from 1 on. The upper tail is 1, p and 0.
    /// </summary>
    protected override Tensor LogTailCore(Tensor value, bool upper)
    {
        Tensor from = Tensor.GreaterOrEqual(value, 0) + Formulas.IsNaN(value);
        Tensor until = Tensor.Less(value, 1) + Formulas.IsNaN(value);
        Tensor step = -(upper ? -Logits : Logits).SoftPlus() + value * 0;
        double below = upper ? 0 : double.NegativeInfinity, above = upper ? double.NegativeInfinity : 0;
        return Tensor.Where(from, Tensor.Where(until, step, above), below);
    }

    /// <summary>1 where <paramref name="probability"/> exceeds 1 - p, otherwise 0.</summary>
    protected override Tensor InverseCdfCore(Tensor probability) => Tensor.Less((-Logits).Sigmoid(), probability);

    /// <summary>The values 0 and 1.</summary>
    public override Tensor EnumerateSupport() =>
        Tensor.Arange(2, DType).Reshape(Shape.Create([2, .. Enumerable.Repeat(1, BatchShape.Rank)]));

    /// <summary>The KL divergence to a Bernoulli: p (log p - log q) + (1 - p) (log(1 - p) - log(1 - q)).</summary>
    protected internal override Tensor? ClosedFormKL(Distribution other)
    {
        if (other is not Bernoulli q) return null;
        Tensor infinity = Tensor.Scalar(double.PositiveInfinity, DType);
        Tensor certain = Tensor.GreaterOrEqual(Logits.Abs(), infinity) + Tensor.GreaterOrEqual(
            q.Logits.Abs(), infinity);
        Tensor kl = BetweenCoins(Tensor.Where(certain, Tensor.Scalar(0, DType), Logits),
            Tensor.Where(certain, Tensor.Scalar(0, DType), q.Logits));
        if (certain.Sum().Item() == 0) return kl;
        Tensor cross = Product(Probs, -(-q.Logits).SoftPlus()) + Product((-Logits).Sigmoid(), -q.Logits.SoftPlus());
        return Tensor.Where(certain, -Entropy() - cross, kl);
    }

    /// <summary>The KL divergence between coins with finite log-odds.</summary>
    private static Tensor BetweenCoins(Tensor q, Tensor p)
    {
        // With d = l2 - l1 the divergence is log(1 + p (e^d - 1)) - p d. Neither part is large if d is not positive.
        // Otherwise the same formula is used for the other outcome.
        Tensor gap = p - q, falls = Tensor.Less(gap, 0), d = -gap.Abs();
        Tensor l1 = Tensor.Where(falls, q, -q), l2 = Tensor.Where(falls, p, -p), chance = l1.Sigmoid();
        Tensor loss = chance * d.ExpM1(), small = Tensor.Less(Tensor.Scalar(-0.5, q.DType), loss);
        return Tensor.Where(small, Tensor.Where(small, loss, 0).LogP1(), l2.SoftPlus() - l1.SoftPlus()) - chance * d;
    }

    /// <summary>probability * log, or 0 where the probability is 0.</summary>
    private static Tensor Product(Tensor probability, Tensor log) =>
        Tensor.Where(probability, probability * Tensor.Where(probability, log, 0), 0);
}
