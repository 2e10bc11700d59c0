using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// One-hot draws with the gradient of a relaxed draw (Jang, Gu and Poole 2017, "straight-through Gumbel-Softmax"). The
/// forward pass gives the one-hot vector at the largest coordinate of softmax((logits + G) / t), where G is standard
/// Gumbel noise and t is the temperature. The backward pass uses the gradient of the softmax. The draws are exactly the
/// draws of a <see cref="OneHotCategorical"/>. The gradient is BIASED: it is not the gradient of any expectation.
/// </summary>
public sealed class StraightThroughOneHotCategorical : ReparameterizedDistribution
{
    private readonly RelaxedOneHotCategorical _relaxed;
    private readonly OneHotCategorical _hard;

    /// <summary>
    /// Creates the distribution from the temperature of the backward pass (positive) and the unnormalised
    /// log-probabilities, [..., K] for K outcomes.
    /// </summary>
    /// <exception cref="ArgumentException">A temperature is not positive, its shape does not broadcast to the batch, or
    /// there is no outcome.</exception>
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

    /// <summary>
    /// The one-hot vector in the forward pass, the gradient of the relaxed draw in the backward pass.
    /// </summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default)
    {
        Tensor soft = _relaxed.RSample(rng, sampleShape);
        return Tensor.WithVjp(soft.ArgMax(^1).OneHot(EventShape[0]), [soft], g => [g]);
    }

    /// <summary>
    /// The log-probability of a one-hot vector. It is linear in the value, so that a gradient reaches the draw. An
    /// impossible outcome sends no gradient.
    /// </summary>
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
