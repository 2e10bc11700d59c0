using Reparam.Tensors;
using Reparam.Tensors.Special;

namespace Reparam.Distributions;

/// <summary>
/// The number of successes among n throws of a coin with log-odds l: log p(k) = log(n choose k) + k l - n softplus(l).
/// Each element of the parameters is a separate batch member. The distribution is discrete, so it has no
/// <c>RSample</c>.
/// </summary>
public sealed class Binomial : Distribution
{
    private readonly Bernoulli _coin;

    /// <summary>
    /// Creates the distribution from the number of throws (finite, whole, not negative) and the log-odds of a success.
    /// The shapes broadcast.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or a number of throws is not a finite whole
    /// number of 0 or more.</exception>
    public Binomial(Tensor totalCount, Tensor logits)
        : this(Checked.Broadcast(Checked.Count(totalCount), logits, nameof(totalCount), nameof(logits)))
    {
    }

    private Binomial((Tensor TotalCount, Tensor Logits) p)
        : base(p.TotalCount.Shape, [], p.TotalCount.DType)
    {
        TotalCount = p.TotalCount;
        _coin = new Bernoulli(p.Logits);
    }

    /// <summary>n, the number of throws.</summary>
    public Tensor TotalCount { get; }

    /// <summary>The log-odds of a success.</summary>
    public Tensor Logits => _coin.Logits;

    /// <summary>The probability p of a success.</summary>
    public Tensor Probs => _coin.Probs;

    /// <inheritdoc/>
    protected internal override Distribution? Widened => new Binomial(Wide(TotalCount), Wide(Logits));

    /// <inheritdoc/>
    public override Support Support => new(SupportKind.WholeNumbers, Tensor.Scalar(0, DType), TotalCount);

    /// <summary>The mean n p.</summary>
    public override Tensor Mean => TotalCount * Probs;

    /// <summary>n p (1 - p).</summary>
    public override Tensor Variance => TotalCount * _coin.Variance;

    /// <summary>floor((n + 1) p), at most n.</summary>
    public override Tensor Mode => Tensor.Minimum(((TotalCount + 1) * Probs).Floor(), TotalCount);

    /// <summary>
    /// Creates the distribution from the number of throws and the probability of a success, which lies in [0, 1].
    /// </summary>
    /// <exception cref="ArgumentException">A probability lies outside [0, 1], or a number of throws is not a finite
    /// whole number of 0 or more.</exception>
    public static Binomial FromProbs(Tensor totalCount, Tensor probs) =>
        new(totalCount, Bernoulli.FromProbs(probs).Logits);

    private CountSampler.Family Counts
    {
        get
        {
            Tensor odds = Wide(Logits).Exp(), success = Wide(Logits).Sigmoid(), failure = (-Wide(Logits)).Sigmoid(),
                mean = Wide(TotalCount) * success;
            return new CountSampler.Family(
                Mode, new Binomial(Wide(TotalCount), Wide(Logits)).LogMass(Wide(Mode)), (i, k) => (TotalCount.At(
                    i) - k) / (k + 1) * odds.At(i), (i, k) => AtMost(k, TotalCount.At(i), success.At(i), failure.At(i)),
                mean, mean * failure, i => TotalCount.At(i));
        }
    }

    /// <summary>Inversion of uniform noise (<see cref="CountSampler"/>). The mean may be at most 1e15.</summary>
    /// <exception cref="NotSupportedException">A mean or a standard deviation is larger than 1e15.</exception>
    public override Tensor Sample(Rng rng, Shape sampleShape = default) =>
        Draw(UniformNoise(rng, sampleShape, DType.Float64));

    /// <summary>The draws that belong to the given noise (Float64, shape sample + batch).</summary>
    internal Tensor Draw(Tensor noise) => CountSampler.Draw(noise, Counts);

    /// <summary>
    /// The smallest count whose CDF is at least <paramref name="probability"/>, found by bisection on the CDF. The mean
    /// may be at most 1e15.
    /// </summary>
    /// <exception cref="NotSupportedException">A mean or a standard deviation is larger than 1e15.</exception>
    protected override Tensor InverseCdfCore(Tensor probability) => CountSampler.Quantile(Checked.To(
        Wide(probability), Checked.Join(probability.Shape, BatchShape, nameof(probability), "the batch")), Counts);

    /// <summary>P(X &lt;= k) = I_(1-p)(n - k, k + 1), computed from the smaller of p and 1 - p.</summary>
    private static double AtMost(double k, double n, double success, double failure) =>
        k >= n ? 1 : success < 0.5 ? SpecialFunctions.RegularizedBetaComplement(k + 1, n - k, success)
            : SpecialFunctions.RegularizedBeta(n - k, k + 1, failure);

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value) => OnSupport(Support.Contains(value), value, 0, LogMass);

    /// <summary>log p(k), with n choose k = 1 / ((n + 1) B(k + 1, n - k + 1)).</summary>
    private Tensor LogMass(Tensor k) =>
        Formulas.LogBetaDensityAt(k + 1, TotalCount - k + 1, Logits) - (TotalCount + 1).Log();

    /// <summary>
    /// log I_(1-p)(n - k, k + 1) for the lower tail, and the logarithm of its complement for the upper tail. k is the
    /// whole part of the value.
    /// </summary>
    protected override Tensor LogTailCore(Tensor value, bool upper) => LogTailOfCounts(value, upper, k =>
    {
        Tensor below = Tensor.Less(k, TotalCount) + Formulas.IsNaN(k), held = Tensor.Where(below, k, 0);
        // Where no count lies above k, 1 stands in for n - k. The result there does not use the formula.
        Tensor rest = Tensor.Where(below, TotalCount - held, 1);
        Tensor tail = Formulas.LogRegularizedBetaAt(held + 1, rest, Logits, complement: !upper);
        return Tensor.Where(below, tail, upper ? double.NegativeInfinity : 0);
    });

    /// <inheritdoc/>
    protected internal override bool HasEntropy => false;

    /// <summary>
    /// The KL divergence to a binomial. With equally many throws it is n times the KL divergence of the coins. If the
    /// other binomial has fewer throws, it is infinite. If the other has more throws, there is no formula.
    /// </summary>
    protected internal override Tensor? ClosedFormKL(Distribution other)
    {
        if (other is not Binomial p) return null;
        Tensor more = Tensor.Less(TotalCount, p.TotalCount);
        return more.Sum().Item() > 0
            ? null
            : Tensor.Where(Tensor.Less(p.TotalCount, TotalCount), Tensor.Scalar(double.PositiveInfinity, DType),
                TotalCount * _coin.ClosedFormKL(p._coin)!);
    }
}
