using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>p(z) = N(0, I), without learned parameters.</summary>
public sealed class StandardNormalPrior : Prior
{
    private readonly DiagonalNormal _distribution;

    /// <summary>The prior over latents of length <paramref name="latent"/>. Its tensors, like parameters, stay valid
    /// after the scope in which the prior is made.</summary>
    public StandardNormalPrior(int latent, DType dtype = DType.Float32) =>
        _distribution = DiagonalNormal.Standard(latent, dtype).Keep();

    /// <inheritdoc/>
    public override DiagonalNormal Distribution => _distribution;
}
