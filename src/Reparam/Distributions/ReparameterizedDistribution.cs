using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// A distribution whose draws are a differentiable function of its parameters and of noise that does not depend on the
/// parameters (Kingma and Welling 2013, section 2.4). Gradients of an expectation pass through <see cref="RSample"/>.
/// </summary>
public abstract class ReparameterizedDistribution : Distribution
{
    /// <inheritdoc cref="Distribution(Shape, Shape, DType)"/>
    protected ReparameterizedDistribution(Shape batchShape, Shape eventShape, DType dtype)
        : base(batchShape, eventShape, dtype)
    {
    }

    /// <summary>
    /// Draws of shape <paramref name="sampleShape"/> + batch + event, with pathwise gradients with respect to every
    /// parameter.
    /// </summary>
    public abstract Tensor RSample(Rng rng, Shape sampleShape = default);

    /// <summary>
    /// Draws and their log-probabilities. Some distributions compute both together, without inverting the draw.
    /// </summary>
    public virtual (Tensor Value, Tensor LogProb) RSampleWithLogProb(Rng rng, Shape sampleShape = default)
    {
        Tensor value = RSample(rng, sampleShape);
        return (value, LogProb(value));
    }

    /// <summary>Whether the log-probability of a draw is best computed together with the draw.</summary>
    protected internal virtual bool ScoresItsDraws => false;

    /// <inheritdoc/>
    public sealed override Tensor Sample(Rng rng, Shape sampleShape = default) => RSample(rng, sampleShape).Detach();
}
