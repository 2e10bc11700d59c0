using Reparam.Configuration;
using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// Independent Laplace variables of mean 0 and variance 1: p(z) = prod_j exp(-sqrt(2) |z_j|) / sqrt(2), the prior of
/// sparse codes. Unlike N(0, I) it is not the same in every direction, so that axes of the latent space mean something.
/// Nothing of it is learned. The KL of normal posteriors has a closed form.
/// </summary>
public sealed class LaplacePrior : Prior
{
    /// <summary>Over latents of length <paramref name="latent"/>.</summary>
    public LaplacePrior(int latent, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(latent);
        Tensor scale = Tensor.Full([latent], Math.Sqrt(0.5), dtype).Keep();
        Distribution = new Independent(new Laplace(Tensor.Zeros([latent], dtype).Keep(), scale), 1);
    }

    /// <inheritdoc/>
    public override Distribution Distribution { get; }
}

/// <summary>Settings of a <see cref="LaplacePrior"/>.</summary>
public sealed record LaplacePriorSettings : PriorSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<LaplacePriorSettings>(
        "laplace", "independent Laplace variables of variance 1, for sparse codes");

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override Prior Make(PriorParts parts)
    {
        RequireRealVectors(parts);
        return new LaplacePrior(parts.Latent);
    }
}
