using Reparam.Distributions;
using Reparam.Networks;

namespace Reparam.Models;

/// <summary>The prior over latents, p(z).</summary>
public abstract class Prior : Module
{
    /// <summary>Where its draws live; all real vectors unless a prior says otherwise.</summary>
    public virtual LatentSpace Space => LatentSpace.Euclidean;

    /// <summary>Whether parameters of the encoder are the prior's too.</summary>
    public virtual bool SharesEncoder => false;

    /// <summary>Whether training changes the prior.</summary>
    public bool IsLearned => SharesEncoder || Parameters.Count > 0;

    /// <summary>p(z), without a batch. A learned prior builds it from its parameters at each call.</summary>
    public abstract Distribution Distribution { get; }
}
