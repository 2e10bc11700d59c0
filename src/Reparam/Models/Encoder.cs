using Reparam.Distributions;
using Reparam.Networks;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>The recognition model: given data, a distribution over latents, q(z|x).</summary>
public abstract class Encoder : Module
{
    /// <summary>q(z|x) for a batch x of shape [B] + event. It is a <see cref="ReparameterizedDistribution"/> if
    /// gradients pass through its draws.</summary>
    public abstract Distribution Given(Tensor x);

    /// <summary>Data of which a random share of the elements is hidden from the encoder
    /// (<see cref="Vae.InputNoise"/>): by default, independent elements are set to 0.</summary>
    /// <param name="x">Data, [B] + event.</param>
    /// <param name="share">The probability that an element is hidden.</param>
    /// <param name="rng">Source of the choice.</param>
    protected internal virtual Tensor Hide(Tensor x, double share, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(rng);
        return x * Tensor.Less(rng.Uniform(x.Shape, x.DType), Tensor.Scalar(1 - share, x.DType));
    }

    /// <summary>A point that represents a posterior: its mean (for a discrete latent, its probabilities). For a flow it
    /// is the mean of the base distribution, mapped by the flow.</summary>
    internal static Tensor PointOf(Distribution posterior) => posterior is TransformedDistribution flow ? flow.Centre
        : posterior.Mean;
}
