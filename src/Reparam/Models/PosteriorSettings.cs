using Reparam.Configuration;
using Reparam.Models.Flows;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>Settings of q(z|x): the family of the encoder's head, and an optional flow after it.</summary>
public abstract record PosteriorSettings : Settings
{
    /// <summary>The family of the encoder's head.</summary>
    public abstract PosteriorFamily Family { get; }

    /// <summary>The largest number of latents that the posterior can have; no limit by default.</summary>
    public virtual int LargestLatent => int.MaxValue;

    /// <summary>The smallest number of latents that the posterior can have.</summary>
    public virtual int SmallestLatent => 1;

    /// <summary>Makes the flow that transforms the head's posterior; null for no flow.</summary>
    /// <param name="latent">The length of the latents.</param>
    /// <param name="context">The length of the encoder's last hidden layer, which is the context of the flow.</param>
    /// <param name="rng">Source of the flow's weights.</param>
    public virtual Flow? Flow(int latent, int context, Rng rng) => null;
}
