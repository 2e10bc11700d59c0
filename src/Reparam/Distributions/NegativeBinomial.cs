using Reparam.Tensors;
using Reparam.Tensors.Special;

namespace Reparam.Distributions;

/// <summary>
/// The number of successes before r failures of a coin with log-odds l, where r is any positive number: log p(k) = log
/// Gamma(r + k) - log k! - log Gamma(r) + r log(1 - p) + k log p. It is a Poisson distribution whose rate is a gamma
/// variable. The counts have more spread than Poisson counts. Each element of the parameters is a separate batch
/// member. The distribution is discrete, so it has no <c>RSample</c>.
/// </summary>
public sealed class NegativeBinomial : Distribution
{
    /// <summary>
    /// Creates the distribution from r = totalCount (positive) and the log-odds of a success. The shapes broadcast.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or a total count is not positive.</exception>
    public NegativeBinomial(Tensor totalCount, Tensor logits)
        : this(Checked.Broadcast(Checked.Positive(totalCount), logits, nameof(totalCount), nameof(logits)))
    {
    }

    private NegativeBinomial((Tensor TotalCount, Tensor Logits) p)
        : base(p.TotalCount.Shape, [], p.TotalCount.DType) => (TotalCount, Logits) = p;

    /// <summary>r, the number of failures. It is also called the inverse dispersion.</summary>
    public Tensor TotalCount { get; }

    /// <summary>The log-odds of a success.</summary>
    public Tensor Logits { get; }

    /// <summary>The probability p of a success.</summary>
    public Tensor Probs => Logits.Sigmoid();

    /// <inheritdoc/>
    protected internal override Distribution? Widened => new NegativeBinomial(Wide(TotalCount), Wide(Logits));

    /// <inheritdoc/>
    public override Support Support => Support.Of(SupportKind.WholeNumbers, 0, double.PositiveInfinity, DType);

    /// <summary>r p / (1 - p) = r e^l.</summary>
    public override Tensor Mean => TotalCount * Logits.Exp();

    /// <summary>r p / (1 - p)^2.</summary>
    public override Tensor Variance => Mean / (-Logits).Sigmoid();

    /// <summary>floor((r - 1) p / (1 - p)) for r > 1, otherwise 0.</summary>
    public override Tensor Mode => ((TotalCount - 1).Relu() * Logits.Exp()).Floor();

    /// <summary>
    /// Creates the distribution from r and the mean, both positive. Count models use this parametrisation.
    /// </summary>
    public static NegativeBinomial FromMean(Tensor totalCount, Tensor mean) =>
        new(totalCount, Checked.Positive(mean).Log() - totalCount.Log());

    private CountSampler.Family Counts
    {
        get
        {
            Tensor probs = Wide(Logits).Sigmoid(), failure = (-Wide(Logits)).Sigmoid(),
                mean = Wide(TotalCount) * Wide(Logits).Exp();
            // P(X <= k) = I_(1-p)(r, k + 1), computed from the smaller of p and 1 - p.
            return new CountSampler.Family(
                Mode, new NegativeBinomial(Wide(TotalCount), Wide(Logits)).LogMass(Wide(Mode)), (i, k) =>
                    (TotalCount.At(i) + k) / (k + 1) * probs.At(i),
                (i, k) => probs.At(i) < 0.5 ? SpecialFunctions.RegularizedBetaComplement(k + 1, TotalCount.At(i),
                    probs.At(i)) : SpecialFunctions.RegularizedBeta(TotalCount.At(i), k + 1, failure.At(i)),
                mean, mean / failure, _ => double.PositiveInfinity);
        }
    }

    /// <summary>
    /// Inversion of uniform noise (<see cref="CountSampler"/>). The mean and the standard deviation may be at most
    /// 1e15.
    /// </summary>
    /// <exception cref="NotSupportedException">A mean or a standard deviation is larger than 1e15.</exception>
    public override Tensor Sample(Rng rng, Shape sampleShape = default) =>
        CountSampler.Draw(UniformNoise(rng, sampleShape, DType.Float64), Counts);

    /// <summary>
    /// The smallest count whose CDF is at least <paramref name="probability"/>, found by bisection on the CDF. The mean
    /// and the standard deviation may be at most 1e15.
    /// </summary>
    /// <exception cref="NotSupportedException">A mean or a standard deviation is larger than 1e15.</exception>
    protected override Tensor InverseCdfCore(Tensor probability) => CountSampler.Quantile(Checked.To(
        Wide(probability), Checked.Join(probability.Shape, BatchShape, nameof(probability), "the batch")), Counts);

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value) => OnSupport(Support.Contains(value), value, 0, LogMass);

    /// <summary>log p(k), with Gamma(r + k) / (k! Gamma(r)) = 1 / ((r + k) B(r, k + 1)).</summary>
    private Tensor LogMass(Tensor k) =>
        Formulas.LogBetaDensityAt(TotalCount, k + 1, -Logits) - Logits.SoftPlus() - (TotalCount + k).Log();

    /// <summary>
    /// log I_(1-p)(r, floor(k) + 1) for the lower tail, and the logarithm of the complement for the upper tail.
    /// </summary>
    protected override Tensor LogTailCore(Tensor value, bool upper) =>
        LogTailOfCounts(value, upper, k =>
            Formulas.LogRegularizedBetaAt(TotalCount, k + 1, -Logits, complement: upper));

    /// <inheritdoc/>
    protected internal override bool HasEntropy => false;

    /// <summary>
    /// The KL divergence to a negative binomial with the same r: mean (log p1 - log p2) + r (log(1 - p1) - log(1 -
    /// p2)). It is r / (1 - p1) times the KL divergence of the coins. For different r there is no formula.
    /// </summary>
    protected internal override Tensor? ClosedFormKL(Distribution other)
    {
        if (other is not NegativeBinomial p || (TotalCount - p.TotalCount).Abs().Sum().Item() != 0) return null;
        return TotalCount / (-Logits).Sigmoid() * new Bernoulli(Logits).ClosedFormKL(new Bernoulli(p.Logits))!;
    }
}
