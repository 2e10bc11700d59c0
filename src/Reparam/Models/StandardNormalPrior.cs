using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>p(z) = N(0, I): nothing to learn.</summary>
public sealed class StandardNormalPrior : Prior
{
    private readonly DiagonalNormal _distribution;

    /// <summary>The prior over latents of length <paramref name="latent"/>.</summary>
    public StandardNormalPrior(int latent, DType dtype = DType.Float32) => _distribution = DiagonalNormal.Standard(latent, dtype);

    /// <inheritdoc/>
    public override DiagonalNormal Distribution => _distribution;
}
