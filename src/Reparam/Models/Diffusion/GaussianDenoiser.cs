using Reparam.Tensors;

namespace Reparam.Models.Diffusion;

/// <summary>
/// The optimal denoiser of data with independent normal elements N(mean, variance), in closed form:
/// E[x|z] = mean + alpha variance / (alpha^2 variance + sigma^2) (z - alpha mean). Its bound, its samplers and its
/// log-density have exact values, so it tests all of them without training.
/// </summary>
/// <param name="mean">The mean of each element, of a shape that broadcasts to data.</param>
/// <param name="variance">The variance of each element, of a shape that broadcasts to data; positive.</param>
public sealed class GaussianDenoiser(Tensor mean, Tensor variance) : Denoiser
{
    /// <inheritdoc/>
    public override Prediction Prediction => Prediction.Data;

    /// <inheritdoc/>
    protected override Tensor Predict(Tensor z, Tensor gamma, Tensor alpha, Tensor sigma, Tensor? context) =>
        mean + alpha * variance / (alpha.Square() * variance + sigma.Square()) * (z - alpha * mean);
}
