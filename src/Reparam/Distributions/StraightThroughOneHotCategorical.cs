using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// One-hot draws with the gradient of a relaxed draw (Jang, Gu and Poole 2017, "straight-through Gumbel-Softmax"):
/// forwards the one-hot vector at the largest coordinate of softmax((logits + G) / t), backwards as if it had been the
/// softmax. The draws are exactly those of a <see cref="OneHotCategorical"/>; the gradient is BIASED: it is that of no
/// expectation.
/// </summary>
public sealed class StraightThroughOneHotCategorical : ReparameterizedDistribution
{
    private readonly RelaxedOneHotCategorical _relaxed;
    private readonly OneHotCategorical _hard;

    /// <summary>From the temperature of the backward pass (positive) and unnormalised log-probabilities [...,
    /// K].</summary>
    /// <exception cref="ArgumentException">A temperature is not positive, or there is no outcome.</exception>
    public StraightThroughOneHotCategorical(Tensor temperature, Tensor logits)
        : base(Categorical.RequireOutcomes(logits), logits.Shape[^1..], logits.DType)
    {
        _relaxed = new RelaxedOneHotCategorical(temperature, logits);
        _hard = new OneHotCategorical(logits);
    }

    /// <summary>The temperature of the backward pass.</summary>
    public Tensor Temperature => _relaxed.Temperature;

    /// <summary>Normalised log-probabilities [..., K].</summary>
    public Tensor Logits => _hard.Logits;

    /// <inheritdoc/>
    public override Support Support => _hard.Support;

    /// <inheritdoc/>
    public override Tensor Mean => _hard.Mean;

    /// <inheritdoc/>
    public override Tensor Variance => _hard.Variance;

    /// <inheritdoc/>
    public override Tensor Mode => _hard.Mode;

    /// <summary>One-hot forwards, the relaxed draw backwards.</summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default)
    {
        Tensor soft = _relaxed.RSample(rng, sampleShape);
        return Tensor.WithVjp(soft.ArgMax(^1).OneHot(EventShape[0]), [soft], g => [g]);
    }

    /// <summary>The log-mass of a one-hot vector; linear in the value, so that a gradient reaches the draw. An outcome
    /// that is ruled out sends none.</summary>
    protected override Tensor LogProbCore(Tensor value)
    {
        Tensor never = Tensor.Scalar(double.NegativeInfinity, DType),
            possible = Tensor.Where(Tensor.Less(never, Logits), Logits, 0);
        return Tensor.Where(Tensor.Less(never, _hard.LogProb(value)), (value * possible).Sum(^1), never);
    }

    /// <inheritdoc/>
    protected override Tensor EntropyCore() => _hard.Entropy();

    /// <inheritdoc/>
    public override Tensor EnumerateSupport() => _hard.EnumerateSupport();

    /// <inheritdoc/>
    protected internal override Tensor? ClosedFormKL(Distribution other) =>
        _hard.ClosedFormKL(other is StraightThroughOneHotCategorical p ? p._hard : other);
}
