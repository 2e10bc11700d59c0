using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>A learned prior: a mixture of diagonal normals, its weights, locations and log-variances trained with the model. It starts with locations drawn from N(0, I), variances 1 and even weights.</summary>
public sealed class MixturePrior : Prior
{
    private readonly Parameter _logits, _loc, _logVariance;

    /// <summary>Of <paramref name="components"/> normals over latents of length <paramref name="latent"/>.</summary>
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
    public override Mixture Distribution => new(new Categorical(_logits.Value), DiagonalNormal.FromLogVariance(_loc.Value, _logVariance.Value));
}
