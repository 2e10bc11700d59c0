using Reparam.Distributions;
using Reparam.Networks;

namespace Reparam.Models;

/// <summary>The prior over latents, p(z).</summary>
public abstract class Prior : Module
{
    /// <summary>The space of the draws; all real vectors by default.</summary>
    public virtual LatentSpace Space => LatentSpace.Euclidean;

    /// <summary>Whether the prior uses parameters of the encoder.</summary>
    public virtual bool SharesEncoder => false;

    /// <summary>Whether training changes the prior.</summary>
    public bool IsLearned => SharesEncoder || Parameters.Count > 0;

    /// <summary>p(z), with an empty batch shape. A learned prior builds it from its parameters at each call.</summary>
    public abstract Distribution Distribution { get; }
}
