using Reparam.Distributions;
using Reparam.Networks;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>The recognition model: given data, a distribution over latents, q(z|x).</summary>
public abstract class Encoder : Module
{
    /// <summary>q(z|x) for a batch x of shape [B] + event.</summary>
    public abstract ReparameterizedDistribution Given(Tensor x);

    /// <summary>A point that stands for a posterior: its mean, or for a flow the image of the mean it started from.</summary>
    internal static Tensor PointOf(ReparameterizedDistribution posterior) => posterior is TransformedDistribution flow ? flow.Centre : posterior.Mean;
}
