using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>The uniform prior on the unit sphere of <paramref name="latent"/> coordinates, without learned
/// parameters.</summary>
/// <param name="latent">Number of coordinates, at least 2.</param>
/// <param name="dtype">Element type.</param>
public sealed class HypersphericalPrior(int latent, DType dtype = DType.Float32) : Prior
{
    /// <inheritdoc/>
    public override LatentSpace Space => LatentSpace.Spherical;

    /// <inheritdoc/>
    public override HypersphericalUniform Distribution => new(latent, dtype: dtype);
}
