using Reparam.Tensors;
using Reparam.Tensors.Special;

namespace Reparam.Distributions;

/// <summary>
/// The number of successes among n throws of a coin with log-odds l: log p(k) = log(n choose k) + k l - n softplus(l),
/// every element a batch member of its own. Discrete: there is no <c>RSample</c>.
/// </summary>
public sealed class Binomial : Distribution
{
    private readonly Bernoulli _coin;

    /// <summary>From the number of throws (whole, not negative) and the log-odds of a success, which
    /// broadcast.</summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or a number of throws is not whole.</exception>
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

    /// <summary>From the probability of a success, in [0, 1].</summary>
    /// <exception cref="ArgumentException">A probability lies outside, or a number of throws is not whole.</exception>
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

    /// <summary>Inversion of uniform noise (<see cref="CountSampler"/>), for means to 1e15.</summary>
    /// <exception cref="NotSupportedException">A mean is larger.</exception>
    public override Tensor Sample(Rng rng, Shape sampleShape = default) =>
        Draw(UniformNoise(rng, sampleShape, DType.Float64));

    /// <summary>The draws of given noise, Float64, of shape sample + batch.</summary>
    internal Tensor Draw(Tensor noise) => CountSampler.Draw(noise, Counts);

    /// <summary>The least count with at least that probability, by bisection on the CDF, for means to 1e15.</summary>
    /// <exception cref="NotSupportedException">A mean is larger.</exception>
    protected override Tensor InverseCdfCore(Tensor probability) => CountSampler.Quantile(Checked.To(
        Wide(probability), Checked.Join(probability.Shape, BatchShape, nameof(probability), "the batch")), Counts);

    /// <summary>P(X &lt;= k) = I_(1-p)(n - k, k + 1), of the smaller of p and 1 - p.</summary>
    private static double AtMost(double k, double n, double success, double failure) =>
        k >= n ? 1 : success < 0.5 ? SpecialFunctions.RegularizedBetaComplement(k + 1, n - k, success)
            : SpecialFunctions.RegularizedBeta(n - k, k + 1, failure);

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value) => OnSupport(Support.Contains(value), value, 0, LogMass);

    /// <summary>log p(k): n choose k = 1 / ((n + 1) B(k + 1, n - k + 1)).</summary>
    private Tensor LogMass(Tensor k) =>
        Formulas.LogBetaDensityAt(k + 1, TotalCount - k + 1, Logits) - (TotalCount + 1).Log();

    /// <summary>
    /// log I_(1-p)(n - k, k + 1), and of the upper tail the complement, k the whole part of the value.
    /// </summary>
    protected override Tensor LogTailCore(Tensor value, bool upper) => LogTailOfCounts(value, upper, k =>
    {
        Tensor below = Tensor.Less(k, TotalCount) + Formulas.IsNaN(k), held = Tensor.Where(below, k, 0);
        // A stand-in for no throws at all, of which every count is the last.
        Tensor rest = Tensor.Where(below, TotalCount - held, 1);
        Tensor tail = Formulas.LogRegularizedBetaAt(held + 1, rest, Logits, complement: !upper);
        return Tensor.Where(below, tail, upper ? double.NegativeInfinity : 0);
    });

    /// <inheritdoc/>
    protected internal override bool HasEntropy => false;

    /// <summary>Against as many throws: n times that of the coins; infinite against fewer. Against more there is no
    /// formula.</summary>
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
