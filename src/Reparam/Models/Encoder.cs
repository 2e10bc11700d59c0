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

    /// <summary>A point that represents a posterior: its mean (for a discrete latent, its probabilities). For a flow it
    /// is the mean of the base distribution, mapped by the flow.</summary>
    internal static Tensor PointOf(Distribution posterior) => posterior is TransformedDistribution flow ? flow.Centre
        : posterior.Mean;
}
