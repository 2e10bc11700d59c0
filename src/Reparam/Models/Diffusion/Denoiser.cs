using Reparam.Networks;
using Reparam.Tensors;

namespace Reparam.Models.Diffusion;

/// <summary>The part of a diffusion model that predicts the data in noisy data. A network is the usual denoiser
/// (<see cref="NetworkDenoiser"/>); a formula is one for data with a known distribution.</summary>
public abstract class Denoiser : Module
{
    /// <summary>What the denoiser predicts.</summary>
    public abstract Prediction Prediction { get; }

    /// <summary>The length of the context; 0 for none.</summary>
    public virtual int Context => 0;

    /// <summary>Predicts the data in noisy data.</summary>
    /// <param name="z">Noisy data, [N] + event.</param>
    /// <param name="gamma">The noise level of each datum, [N], in Float64.</param>
    /// <param name="context">The context of each datum, [N, C]; null for a denoiser without.</param>
    public Denoised Denoise(Tensor z, Tensor gamma, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(z);
        ArgumentNullException.ThrowIfNull(gamma);
        Shape rows = [z.Shape[0], .. Enumerable.Repeat(1, z.Rank - 1)];
        Tensor alpha = (-gamma).Sigmoid().Sqrt().To(z.DType).Reshape(rows);
        Tensor sigma = gamma.Sigmoid().Sqrt().To(z.DType).Reshape(rows);
        return new Denoised(Prediction, Predict(z, gamma, alpha, sigma, context), z, alpha, sigma);
    }

    /// <summary>The prediction, [N] + event.</summary>
    /// <param name="z">Noisy data, [N] + event.</param>
    /// <param name="gamma">The noise level of each datum, [N], in Float64.</param>
    /// <param name="alpha">alpha of each datum, [N, 1, ...].</param>
    /// <param name="sigma">sigma of each datum, [N, 1, ...].</param>
    /// <param name="context">The context of each datum, [N, C]; null for a denoiser without.</param>
    protected abstract Tensor Predict(Tensor z, Tensor gamma, Tensor alpha, Tensor sigma, Tensor? context);
}
