using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>p(z) = N(0, I): nothing to learn.</summary>
public sealed class StandardNormalPrior : Prior
{
    private readonly DiagonalNormal _distribution;

    /// <summary>The prior over latents of length <paramref name="latent"/>. Like a parameter it outlives the scope it
    /// is made in.</summary>
    public StandardNormalPrior(int latent, DType dtype = DType.Float32) =>
        _distribution = DiagonalNormal.Standard(latent, dtype).Keep();

    /// <inheritdoc/>
    public override DiagonalNormal Distribution => _distribution;
}
