using Reparam.Distributions;
using Reparam.Networks;

namespace Reparam.Models;

/// <summary>The prior over latents, p(z).</summary>
public abstract class Prior : Module
{
    /// <summary>p(z), without a batch. A learned prior builds it from its parameters at each call.</summary>
    public abstract Distribution Distribution { get; }
}
