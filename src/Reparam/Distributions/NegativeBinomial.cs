using Reparam.Tensors;
using Reparam.Tensors.Special;

namespace Reparam.Distributions;

/// <summary>
/// The number of successes before r failures of a coin with log-odds l, r any positive number: log p(k) = log Gamma(r +
/// k) - log k! - log Gamma(r) + r log(1 - p) + k log p. A Poisson whose rate is a gamma variable: counts with more
/// spread than a Poisson's. Every element is a batch member of its own. Discrete: there is no <c>RSample</c>.
/// </summary>
public sealed class NegativeBinomial : Distribution
{
    /// <summary>From r, positive, and the log-odds of a success, which broadcast.</summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or r is not positive.</exception>
    public NegativeBinomial(Tensor totalCount, Tensor logits)
        : this(Checked.Broadcast(Checked.Positive(totalCount), logits, nameof(totalCount), nameof(logits)))
    {
    }

    private NegativeBinomial((Tensor TotalCount, Tensor Logits) p)
        : base(p.TotalCount.Shape, [], p.TotalCount.DType) => (TotalCount, Logits) = p;

    /// <summary>r, the number of failures, or the inverse dispersion.</summary>
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

    /// <summary>floor((r - 1) p / (1 - p)) for r > 1, else 0.</summary>
    public override Tensor Mode => ((TotalCount - 1).Relu() * Logits.Exp()).Floor();

    /// <summary>From r and the mean, both positive: the parametrisation of count models.</summary>
    public static NegativeBinomial FromMean(Tensor totalCount, Tensor mean) =>
        new(totalCount, Checked.Positive(mean).Log() - totalCount.Log());

    private CountSampler.Family Counts
    {
        get
        {
            Tensor probs = Wide(Logits).Sigmoid(), failure = (-Wide(Logits)).Sigmoid(),
                mean = Wide(TotalCount) * Wide(Logits).Exp();
            // P(X <= k) = I_(1-p)(r, k + 1), of the smaller of p and 1 - p.
            return new CountSampler.Family(
                Mode, new NegativeBinomial(Wide(TotalCount), Wide(Logits)).LogMass(Wide(Mode)), (i, k) =>
                    (TotalCount.At(i) + k) / (k + 1) * probs.At(i),
                (i, k) => probs.At(i) < 0.5 ? SpecialFunctions.RegularizedBetaComplement(k + 1, TotalCount.At(i),
                    probs.At(i)) : SpecialFunctions.RegularizedBeta(TotalCount.At(i), k + 1, failure.At(i)),
                mean, mean / failure, _ => double.PositiveInfinity);
        }
    }

    /// <summary>Inversion of uniform noise (<see cref="CountSampler"/>), for means and standard deviations to
    /// 1e15.</summary>
    /// <exception cref="NotSupportedException">One is larger.</exception>
    public override Tensor Sample(Rng rng, Shape sampleShape = default) =>
        CountSampler.Draw(UniformNoise(rng, sampleShape, DType.Float64), Counts);

    /// <summary>The least count with at least that probability, by bisection on the CDF, for means and standard
    /// deviations to 1e15.</summary>
    /// <exception cref="NotSupportedException">One is larger.</exception>
    protected override Tensor InverseCdfCore(Tensor probability) => CountSampler.Quantile(Checked.To(
        Wide(probability), Checked.Join(probability.Shape, BatchShape, nameof(probability), "the batch")), Counts);

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value) => OnSupport(Support.Contains(value), value, 0, LogMass);

    /// <summary>log p(k): Gamma(r + k) / (k! Gamma(r)) = 1 / ((r + k) B(r, k + 1)).</summary>
    private Tensor LogMass(Tensor k) =>
        Formulas.LogBetaDensityAt(TotalCount, k + 1, -Logits) - Logits.SoftPlus() - (TotalCount + k).Log();

    /// <summary>log I_(1-p)(r, floor(k) + 1), and of the upper tail the complement.</summary>
    protected override Tensor LogTailCore(Tensor value, bool upper) =>
        LogTailOfCounts(value, upper, k =>
            Formulas.LogRegularizedBetaAt(TotalCount, k + 1, -Logits, complement: upper));

    /// <inheritdoc/>
    protected internal override bool HasEntropy => false;

    /// <summary>
    /// Against the same r: mean (log p1 - log p2) + r (log(1 - p1) - log(1 - p2)), r / (1 - p1) times the KL of the
    /// coins. Otherwise there is
    /// no formula.
    /// </summary>
    protected internal override Tensor? ClosedFormKL(Distribution other)
    {
        if (other is not NegativeBinomial p || (TotalCount - p.TotalCount).Abs().Sum().Item() != 0) return null;
        return TotalCount / (-Logits).Sigmoid() * new Bernoulli(Logits).ClosedFormKL(new Bernoulli(p.Logits))!;
    }
}
