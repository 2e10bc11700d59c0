using Reparam.Tensors;
using Reparam.Tensors.Special;

namespace Reparam.Distributions;

/// <summary>
/// The Poisson distribution of counts: log p(k) = k log rate - rate - log k!, every element a batch member of its own.
/// Discrete: there is no <c>RSample</c>; for gradients through samples use the score function.
/// </summary>
public sealed class Poisson : Distribution
{
    /// <summary>From the rate, the mean, not negative.</summary>
    /// <exception cref="ArgumentException">A rate is negative.</exception>
    public Poisson(Tensor rate)
        : base(Checked.NonNegative(rate).Shape, [], rate.DType) => Rate = rate;

    /// <summary>The mean.</summary>
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

    /// <summary>Inversion of uniform noise (<see cref="CountSampler"/>), for rates to 1e15.</summary>
    /// <exception cref="NotSupportedException">A rate is larger.</exception>
    public override Tensor Sample(Rng rng, Shape sampleShape = default) =>
        CountSampler.Draw(UniformNoise(rng, sampleShape, DType.Float64), Counts);

    /// <summary>The least count with at least that probability, by bisection on the CDF, for rates to 1e15.</summary>
    /// <exception cref="NotSupportedException">A rate is larger.</exception>
    protected override Tensor InverseCdfCore(Tensor probability) => CountSampler.Quantile(Checked.To(
        Wide(probability), Checked.Join(probability.Shape, BatchShape, nameof(probability), "the batch")), Counts);

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value) => OnSupport(Support.Contains(value), value, 0, LogMass);

    /// <summary>log p(k): as a function of the rate, the density of a gamma variable of shape k + 1 at it.</summary>
    private Tensor LogMass(Tensor k) => Tensor.LogGammaDensity(k + 1, Rate);

    /// <inheritdoc/>
    protected internal override bool HasEntropy => false;

    /// <summary>
    /// log Q(floor(k) + 1, rate), and of the upper tail log P(floor(k) + 1, rate), the regularized incomplete gamma
    /// functions.
    /// </summary>
    protected override Tensor LogTailCore(Tensor value, bool upper) => LogTailOfCounts(value, upper, k =>
        upper ? Tensor.LogRegularizedGammaP(k + 1, Rate) : Tensor.LogRegularizedGammaQ(k + 1, Rate));

    /// <summary>Against a Poisson: r1 log(r1/r2) - r1 + r2.</summary>
    protected internal override Tensor? ClosedFormKL(Distribution other)
    {
        if (other is not Poisson p) return null;
        // Of a rate of 0 all mass is at 0, where p has e^-r2; a p of rate 0 rules all else out.
        Tensor none = Formulas.IsZero(Rate), never = Formulas.IsZero(p.Rate) * (1 - none);
        Tensor either = none + Formulas.IsZero(p.Rate), one = Tensor.Scalar(1, DType);
        Tensor r1 = Tensor.Where(either, one, Rate), r2 = Tensor.Where(either, one, p.Rate);
        Tensor kl = (r2 - r1) - r1 * Formulas.LogRatio(r2, r1);
        return Tensor.Where(never, Tensor.Scalar(double.PositiveInfinity, DType), Tensor.Where(none, p.Rate, kl));
    }

    /// <summary>E_q log p where the counts of q are 0 and 1 alone, whose factorials are 1.</summary>
    protected internal override Tensor? ExpectedLogProb(Distribution other) => other is Bernoulli
        ? Formulas.XLogY(other.Mean, Rate) - Rate : null;
}
