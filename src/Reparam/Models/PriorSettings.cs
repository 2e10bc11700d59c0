using Reparam.Configuration;

namespace Reparam.Models;

/// <summary>Settings that make p(z).</summary>
public abstract record PriorSettings : Settings
{
    /// <summary>Makes the prior of a model. The encoder is made before it.</summary>
    /// <exception cref="InvalidConfigException">The prior does not fit the latents.</exception>
    public abstract Prior Make(PriorParts parts);

    /// <summary>Throws if the latents are not real vectors with a density.</summary>
    /// <exception cref="InvalidConfigException">The latents are discrete, on a sphere, or points.</exception>
    protected void RequireRealVectors(PriorParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        PosteriorFamily family = parts.Family;
        if (family == PosteriorFamily.Point)
        {
            throw new InvalidConfigException($"model.prior '{Word}' does not work with model.posterior 'point': the " +
                "learned prior would concentrate on the points, and its density would grow without limit. Set " +
                "model.prior to 'standard'.");
        }

        if (family.Space != LatentSpace.Euclidean)
        {
            throw new InvalidConfigException($"model.prior '{Word}' is over all real vectors, but the latents are " +
                $"'{family.Name}'. Set model.prior to 'standard', which is uniform for such latents.");
        }
    }
}

/// <summary>Settings of the prior without learned parameters: N(0, I), or uniform for latents that are discrete or on a
/// sphere.</summary>
public sealed record StandardPriorSettings : PriorSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<StandardPriorSettings>(
        "standard", "N(0, I); uniform for latents that are discrete or on a sphere");

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override Prior Make(PriorParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return parts.Family.Prior(parts.Latent);
    }
}
