using Reparam.Tensors;
using Reparam.Tensors.Special;

namespace Reparam.Distributions;

/// <summary>
/// The Poisson distribution of counts: log p(k) = k log rate - rate - log k!, every element a batch member of its own. Discrete: there is no <c>RSample</c>; for
/// gradients through samples use the score function.
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
    public override Support Support => Support.Of(SupportKind.WholeNumbers, 0, double.PositiveInfinity, DType);

    /// <inheritdoc/>
    public override Tensor Mean => Rate;

    /// <inheritdoc/>
    public override Tensor Variance => Rate;

    /// <summary>floor(rate).</summary>
    public override Tensor Mode => Rate.Floor();

    private CountSampler.Family Counts => new(
        Mode, LogMass(Wide(Mode)), (i, k) => Rate.At(i) / (k + 1), (i, k) => SpecialFunctions.RegularizedGammaQ(k + 1, Rate.At(i)), Rate, Rate, _ => double.PositiveInfinity);

    /// <summary>Inversion of uniform noise (<see cref="CountSampler"/>), for rates to 1e15.</summary>
    /// <exception cref="NotSupportedException">A rate is larger.</exception>
    public override Tensor Sample(Rng rng, Shape sampleShape = default) => CountSampler.Draw(UniformNoise(rng, sampleShape, DType.Float64), Counts);

    /// <summary>The least count with at least that probability, by bisection on the CDF, for rates to 1e15.</summary>
    /// <exception cref="NotSupportedException">A rate is larger.</exception>
    public override Tensor InverseCdf(Tensor probability) => CountSampler.Quantile(Checked.To(Wide(probability), Checked.Join(probability.Shape, BatchShape, nameof(probability), "the batch")), Counts);

    /// <inheritdoc/>
    public override Tensor LogProb(Tensor value) => OnSupport(Support.Contains(value), value, 0, k => LogMass(Wide(k)).To(DType));

    /// <summary>log p(k) of counts, both in Float64.</summary>
    private Tensor LogMass(Tensor k) => Formulas.XLogY(k, Wide(Rate)) - Wide(Rate) - (k + 1).LogGamma();

    /// <summary>There is no closed form.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Tensor Entropy() => throw new NotSupportedException("The entropy of a Poisson distribution has no closed form. Average -LogProb over draws.");

    /// <inheritdoc/>
    protected internal override bool HasEntropy => false;

    /// <summary>1 - P(floor(k) + 1, rate), P the regularized incomplete gamma function.</summary>
    public override Tensor Cdf(Tensor value)
    {
        Tensor count = Tensor.GreaterOrEqual(value, 0);
        return Tensor.Where(count, 1 - Tensor.RegularizedGammaP(Tensor.Where(count, value.Floor(), 0) + 1, Rate), 0);
    }

    /// <summary>Against a Poisson: r1 log(r1/r2) - r1 + r2.</summary>
    protected internal override Tensor? ClosedFormKL(Distribution other)
    {
        if (other is not Poisson p) return null;
        return Formulas.XLogY(Rate, Rate) - Formulas.XLogY(Rate, p.Rate) - (Rate - p.Rate);
    }

    /// <summary>E_q log p where the counts of q are 0 and 1 alone, whose factorials are 1.</summary>
    protected internal override Tensor? ExpectedLogProb(Distribution other) => other is Bernoulli ? Formulas.XLogY(other.Mean, Rate) - Rate : null;
}
