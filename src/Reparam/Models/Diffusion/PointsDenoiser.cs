using Reparam.Tensors;

namespace Reparam.Models.Diffusion;

/// <summary>
/// The optimal denoiser of data that are one of N known points with equal probability, in closed form: the mean of the
/// points, weighted by the softmax of -|z - alpha x_n|^2 / (2 sigma^2). A sampler with this denoiser returns the
/// points.
/// </summary>
/// <param name="points">The points, [N] + event.</param>
public sealed class PointsDenoiser(Tensor points) : Denoiser
{
    /// <inheritdoc/>
    public override Prediction Prediction => Prediction.Data;

    /// <inheritdoc/>
    protected override Tensor Predict(Tensor z, Tensor gamma, Tensor alpha, Tensor sigma, Tensor? context)
    {
        ArgumentNullException.ThrowIfNull(z);
        int rows = z.Shape[0], size = z.Size / rows;
        Tensor flat = points.Flatten(1), at = z.Reshape([rows, size]);
        Tensor a = alpha.Reshape([rows, 1]), s = sigma.Reshape([rows, 1]);
        // -|z - alpha x|^2 / (2 sigma^2) without the term in z^2, which all points share.
        Tensor energy = Tensor.MatMul(at, flat, transposeB: true) * a
            - flat.Square().Sum(1).Reshape([1, flat.Shape[0]]) * a.Square() * 0.5;
        return Tensor.MatMul((energy / s.Square()).SoftMax(^1), flat).Reshape(z.Shape);
    }
}
