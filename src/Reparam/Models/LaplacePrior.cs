using Reparam.Configuration;
using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// Independent Laplace variables of mean 0 and variance 1: p(z) = prod_j exp(-sqrt(2) |z_j|) / sqrt(2), a prior for
/// sparse codes. Unlike N(0, I) it is not invariant under rotation, so the axes of the latent space have a meaning. It
/// has no learned parameters. The KL of normal posteriors to it has a closed form.
/// </summary>
public sealed class LaplacePrior : Prior
{
    /// <summary>The prior over latents of length <paramref name="latent"/>.</summary>
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
