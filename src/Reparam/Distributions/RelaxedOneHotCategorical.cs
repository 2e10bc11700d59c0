using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// The Concrete or Gumbel-Softmax distribution on the simplex (Maddison, Mnih and Teh 2017; Jang, Gu and Poole 2017):
/// softmax((logits + G) / t) with Gumbel noise G and temperature t. As t goes to 0 the distribution becomes a
/// <see cref="OneHotCategorical"/>. Its gradients are exact for the relaxed distribution and biased for the categorical
/// distribution.
/// </summary>
/// <remarks>
/// log p(x) = log (K - 1)! + (K - 1) log t + sum_k (l_k - (t + 1) log x_k) - K log sum_k exp(l_k - t log x_k), a
/// density over the first K - 1 coordinates.
/// </remarks>
public sealed class RelaxedOneHotCategorical : ReparameterizedDistribution
{
    /// <summary>
    /// Creates the distribution from the temperature (positive; a scalar or a shape that broadcasts to the batch) and
    /// the unnormalised log-probabilities [..., K].
    /// </summary>
    /// <exception cref="ArgumentException">A temperature is not positive, its shape is larger than the batch or does
    /// not broadcast to the batch, the logits have no axis of outcomes, or there is no outcome.</exception>
    public RelaxedOneHotCategorical(Tensor temperature, Tensor logits)
        : base(Categorical.RequireOutcomes(logits), logits.Shape[^1..], logits.DType)
    {
        Temperature = Checked.Positive(temperature);
        Logits = logits - logits.LogSumExp(^1, keepAxis: true);
        if (Checked.Join(temperature.Shape, BatchShape, nameof(temperature), "the batch") != BatchShape)
        {
            throw new ArgumentException("temperature must broadcast to the batch of the logits, " +
                $"{BatchShape}; got {temperature.Shape}.", nameof(temperature));
        }
    }

    /// <summary>The temperature t. For a lower t the draws are nearer to one-hot vectors.</summary>
    public Tensor Temperature { get; }

    /// <summary>Normalised log-probabilities [..., K] of the position of the largest coordinate.</summary>
    public Tensor Logits { get; }

    /// <inheritdoc/>
    protected internal override Distribution? Widened => new RelaxedOneHotCategorical(Wide(Temperature), Wide(Logits));

    /// <inheritdoc/>
    public override Support Support => Support.Of(SupportKind.Simplex, 0, 1, DType);

    /// <summary>Not supported: the mean has no closed form.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Tensor Mean => throw new NotSupportedException(
        "The mean of a relaxed categorical distribution has no closed form. Estimate it as the average over draws.");

    /// <summary>Not supported: the variance has no closed form.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Tensor Variance => throw new NotSupportedException(
        "The variance of a relaxed categorical distribution has no closed form. Estimate it as the average " +
            "over draws.");

    private Tensor PerOutcome => Temperature.Reshape(Temperature.Shape + [1]);

    /// <summary>
    /// softmax((logits + Gumbel noise) / t). It is differentiable in the logits and the temperature. The coordinates
    /// are kept above 0.
    /// </summary>
    public override Tensor RSample(Rng rng, Shape sampleShape = default) =>
        KeepPositive(
            (Categorical.NoisyLogits(Logits, rng, sampleShape, DatumAxis(sampleShape, BatchShape)) / PerOutcome)
            .SoftMax(^1));

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor value)
    {
        Tensor outside = 1 - Tensor.Less(Tensor.Scalar(0, DType), value) - Formulas.IsNaN(value);
        Tensor inside = Tensor.Less(outside.Sum(^1), 0.5);
        Tensor log = Tensor.Where(1 - outside, value, 1).Log();
        int count = EventShape[0];
        Tensor score = Logits - PerOutcome * log;
        Tensor density = (score - log).Sum(^1) - score.LogSumExp(
            ^1) * count + Temperature.Log() * (count - 1) + Tensor.Scalar(count, DType).LogGamma();
        return Tensor.Where(inside, density, double.NegativeInfinity);
    }

    /// <inheritdoc/>
    protected internal override bool HasEntropy => false;

    /// <inheritdoc/>
    protected internal override bool HasMoments => false;
}
