using Reparam.Configuration;

namespace Reparam.Models;

/// <summary>Settings that make p(z).</summary>
public abstract record PriorSettings : Settings
{
    /// <summary>Makes the prior of a model whose encoder is there.</summary>
    /// <exception cref="InvalidConfigException">The prior does not go with the latents.</exception>
    public abstract Prior Make(PriorParts parts);

    /// <summary>Refuses latents that are no real vectors with a density.</summary>
    /// <exception cref="InvalidConfigException">They are discrete, on a sphere, or points.</exception>
    protected void RequireRealVectors(PriorParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        PosteriorFamily family = parts.Family;
        if (family == PosteriorFamily.Point)
        {
            throw new InvalidConfigException($"model.prior '{Word}' would learn to lie on the points that " +
                "model.posterior 'point' gives, at a density without limit; leave it at 'standard'.");
        }

        if (family.Space != LatentSpace.Euclidean)
        {
            throw new InvalidConfigException($"model.prior '{Word}' is over all real vectors, and the latents are " +
                $"'{family.Name}'; leave it at 'standard', which is uniform there.");
        }
    }
}

/// <summary>Settings of the prior without anything to learn: N(0, I), uniform where latents are discrete or on a
/// sphere.</summary>
public sealed record StandardPriorSettings : PriorSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<StandardPriorSettings>(
        "standard", "N(0, I); uniform where latents are discrete or on a sphere");

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override Prior Make(PriorParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return parts.Family.Prior(parts.Latent);
    }
}
