using Reparam.Tensors;
using Reparam.Tensors.Special;

namespace Reparam.Distributions;

/// <summary>
/// The Poisson distribution of counts: log p(k) = k log rate - rate - log k!. Each element of the parameters is a
/// separate batch member. The distribution is discrete, so it has no <c>RSample</c>. For gradients through samples use
/// the score function.
/// </summary>
public sealed class Poisson : Distribution
{
    /// <summary>Creates the distribution from the rate, which is the mean and is not negative.</summary>
    /// <exception cref="ArgumentException">A rate is negative.</exception>
    public Poisson(Tensor rate)
        : base(Checked.NonNegative(rate).Shape, [], rate.DType) => Rate = rate;

    /// <summary>The rate. It is the mean.</summary>
    public Tensor Rate { get; }

    /// <inheritdoc/>
    protected internal override Distribution? Widened => new Poisson(Wide(Rate));

    /// <inheritdoc/>
    public override Support Support => Support.Of(SupportKind.WholeNumbers, 0, double.PositiveInfinity, DType);

    /// <inheritdoc/>
    public override Tensor Mean => Rate;

    /// <inheritdoc/>
    public override Tensor Variance => Rate;

    /// <summary>floor(rate).</summary>
    public override Tensor Mode => Rate.Floor();

    private CountSampler.Family Counts => new(
        Mode, new Poisson(Wide(Rate)).LogMass(Wide(Mode)), (i, k) => Rate.At(i) / (k + 1),
        (i, k) => SpecialFunctions.RegularizedGammaQ(k + 1, Rate.At(i)), Rate, Rate, _ => double.PositiveInfinity);

    /// <summary>Inversion of uniform noise (<see cref="CountSampler"/>). The rate may be at most 1e15.</summary>
    /// <exception cref="NotSupportedException">A rate is larger than 1e15.</exception>
    public override Tensor Sample(Rng rng, Shape sampleShape = default) =>
        CountSampler.Draw(UniformNoise(rng, sampleShape, DType.Float64), Counts);

    /// <summary>
    /// The smallest count whose CDF is at least <paramref name="probability"/>, found by bisection on the CDF. The rate
    /// may be at most 1e15.
    /// </summary>
    /// <exception cref="NotSupportedException">A rate is larger than 1e15.</exception>
    protected override Tensor InverseCdfCore(Tensor probability) => CountSampler.Quantile(Checked.To(
        Wide(probability), Checked.Join(probability.Shape, BatchShape, nameof(probability), "the batch")), Counts);

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value) => OnSupport(Support.Contains(value), value, 0, LogMass);

    /// <summary>
    /// log p(k). It equals the log-density of a gamma variable of shape k + 1 and rate 1 at the rate.
    /// </summary>
    private Tensor LogMass(Tensor k) => Tensor.LogGammaDensity(k + 1, Rate);

    /// <inheritdoc/>
    protected internal override bool HasEntropy => false;

    /// <summary>
    /// log Q(floor(k) + 1, rate) for the lower tail, log P(floor(k) + 1, rate) for the upper tail. P and Q are the
    /// regularized incomplete gamma functions.
    /// </summary>
    protected override Tensor LogTailCore(Tensor value, bool upper) => LogTailOfCounts(value, upper, k =>
        upper ? Tensor.LogRegularizedGammaP(k + 1, Rate) : Tensor.LogRegularizedGammaQ(k + 1, Rate));

    /// <summary>The KL divergence to a Poisson: r1 log(r1/r2) - r1 + r2, with the rates r of this distribution (1) and
    /// of the other (2).</summary>
    protected internal override Tensor? ClosedFormKL(Distribution other)
    {
        if (other is not Poisson p) return null;
        // If the rate of this distribution is 0, all mass is at 0, where the other distribution has the mass e^-r2. If
        // the rate of the other distribution is 0, every count above 0 is impossible under it.
        Tensor none = Formulas.IsZero(Rate), never = Formulas.IsZero(p.Rate) * (1 - none);
        Tensor either = none + Formulas.IsZero(p.Rate), one = Tensor.Scalar(1, DType);
        Tensor r1 = Tensor.Where(either, one, Rate), r2 = Tensor.Where(either, one, p.Rate);
        Tensor kl = (r2 - r1) - r1 * Formulas.LogRatio(r2, r1);
        return Tensor.Where(never, Tensor.Scalar(double.PositiveInfinity, DType), Tensor.Where(none, p.Rate, kl));
    }

    /// <summary>E_q[log p] if q has only the counts 0 and 1, whose factorials are 1.</summary>
    protected internal override Tensor? ExpectedLogProb(Distribution other) => other is Bernoulli
        ? Formulas.XLogY(other.Mean, Rate) - Rate : null;
}
