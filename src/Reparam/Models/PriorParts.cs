using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>The inputs from which a prior is made.</summary>
/// <param name="Latent">The length of a code, or the number of one-hot variables in it.</param>
/// <param name="Family">The family of the posterior.</param>
/// <param name="Rng">Source of the prior's weights.</param>
public sealed record PriorParts(int Latent, PosteriorFamily Family, Rng Rng)
{
    /// <summary>The encoder before any flow; null if the model has several latents or a context.</summary>
    public NetworkEncoder? Encoder { get; init; }

    /// <summary>What the model is given beside the latents, such as "labels"; empty for nothing.</summary>
    public string Condition { get; init; } = "";

    /// <summary>Extents of one datum.</summary>
    public Shape EventShape { get; init; } = [];

    /// <summary>Whether data lie in [0, 1].</summary>
    public bool IsBounded { get; init; }
}
