using Reparam.Configuration;
using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>A learned prior: a mixture of diagonal normals. Its weights, locations and log-variances are trained with
/// the model. At the start the locations are drawn from N(0, I), the variances are 1 and the weights are
/// equal.</summary>
public sealed class MixturePrior : Prior
{
    private readonly Parameter _logits, _loc, _logVariance;

    /// <summary>A mixture of <paramref name="components"/> normals over latents of length
    /// <paramref name="latent"/>.</summary>
    public MixturePrior(int latent, int components, Rng rng, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(latent);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(components);
        ArgumentNullException.ThrowIfNull(rng);
        _logits = Own("logits", Tensor.Zeros([components], dtype));
        _loc = Own("loc", rng.Normal([components, latent], dtype));
        _logVariance = Own("log_variance", Tensor.Zeros([components, latent], dtype));
    }

    /// <inheritdoc/>
    public override Mixture Distribution =>
        new(new Categorical(_logits.Value), DiagonalNormal.FromLogVariance(_loc.Value, _logVariance.Value));
}

/// <summary>Settings of a <see cref="MixturePrior"/>.</summary>
public sealed record MixturePriorSettings : PriorSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<MixturePriorSettings>(
        "mixture", "a learned mixture of normals",
        Setting.Whole<MixturePriorSettings>(
            "components", s => s.Components, (s, v) => s with { Components = v }, "number of components", 1,
            10_000).AfterColon());

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>The number of normals.</summary>
    public int Components { get; init; } = 50;

    /// <inheritdoc/>
    public override Prior Make(PriorParts parts)
    {
        RequireRealVectors(parts);
        return new MixturePrior(parts.Latent, Components, parts.Rng);
    }
}
