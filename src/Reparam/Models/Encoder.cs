using Reparam.Distributions;
using Reparam.Networks;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>The recognition model: given data, a distribution over latents, q(z|x).</summary>
public abstract class Encoder : Module
{
    /// <summary>q(z|x) for a batch x of shape [B] + event; a <see cref="ReparameterizedDistribution"/> where gradients
    /// pass through its draws.</summary>
    public abstract Distribution Given(Tensor x);

    /// <summary>A point that stands for a posterior: its mean (of a discrete latent, its probabilities), or for a flow
    /// the image of the mean it started from.</summary>
    internal static Tensor PointOf(Distribution posterior) => posterior is TransformedDistribution flow ? flow.Centre
        : posterior.Mean;
}
