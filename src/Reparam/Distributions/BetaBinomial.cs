using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The number of successes among n throws of a coin whose success probability is a beta variable. With a =
/// concentration1 and b = concentration0, log p(k) = log(n choose k) + log B(k + a, n - k + b) - log B(a, b). The
/// counts have more spread than binomial counts. Each element of the parameters is a separate batch member. The
/// distribution is discrete, so it has no <c>RSample</c>.
/// </summary>
public sealed class BetaBinomial : Distribution
{
    /// <summary>
    /// Creates the distribution from the number of throws n (finite, whole, not negative), a = concentration1 and b =
    /// concentration0 (both positive). The three shapes broadcast.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, a number of throws is not a finite whole number
    /// of 0 or more, or a concentration is not positive.</exception>
    public BetaBinomial(Tensor totalCount, Tensor concentration1, Tensor concentration0)
        : this(Checked.Broadcast(
            Checked.Count(totalCount), Checked.Positive(concentration1), Checked.Positive(concentration0),
            nameof(totalCount), nameof(concentration1), nameof(concentration0)))
    {
    }

    private BetaBinomial((Tensor TotalCount, Tensor Concentration1, Tensor Concentration0) p)
        : base(p.TotalCount.Shape, [], p.TotalCount.DType) => (TotalCount, Concentration1, Concentration0) = p;

    /// <summary>n, the number of throws.</summary>
    public Tensor TotalCount { get; }

    /// <summary>The concentration a. As a grows, mass moves to n.</summary>
    public Tensor Concentration1 { get; }

    /// <summary>The concentration b. As b grows, mass moves to 0.</summary>
    public Tensor Concentration0 { get; }

    /// <inheritdoc/>
    protected internal override Distribution? Widened =>
        new BetaBinomial(Wide(TotalCount), Wide(Concentration1), Wide(Concentration0));

    /// <inheritdoc/>
    public override Support Support => new(SupportKind.WholeNumbers, Tensor.Scalar(0, DType), TotalCount);

    /// <summary>n a / (a + b).</summary>
    public override Tensor Mean => TotalCount * Share;

    /// <summary>n m (1 - m) (a + b + n) / (a + b + 1) with m = a / (a + b).</summary>
    public override Tensor Variance =>
        TotalCount * Share * (Concentration0 / Total) * ((Total + TotalCount) / (Total + 1));

    private Tensor Total => Concentration1 + Concentration0;

    private Tensor Share => Concentration1 / Total;

    /// <summary>
    /// Draws a success probability from the beta distribution, then a count from the <see cref="Binomial"/>
    /// distribution.
    /// </summary>
    public override Tensor Sample(Rng rng, Shape sampleShape = default)
    {
        Tensor probs = new Beta(Wide(Concentration1), Wide(Concentration0)).Sample(rng, sampleShape);
        return Binomial.FromProbs(Wide(TotalCount).BroadcastTo(probs.Shape), probs).Draw(
            UniformNoise(rng, sampleShape, DType.Float64)).To(DType).Detach();
    }

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value) => OnSupport(Support.Contains(value), value, 0, k =>
    {
        (Tensor n, Tensor a, Tensor b) = (TotalCount, Concentration1, Concentration0);
        Tensor rest = n - k;
        // n choose k = 1 / ((n + 1) B(n - k + 1, k + 1)).
        return Tensor.LogBeta(k + a, rest + b) - Tensor.LogBeta(a, b) - (n + 1).Log() - Tensor.LogBeta(rest + 1, k + 1);
    });

    /// <inheritdoc/>
    protected internal override bool HasEntropy => false;
}
