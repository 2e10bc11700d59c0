using Reparam.Tensors;

namespace Reparam.Networks;

/// <summary>Batch normalisation of images [B, C, H, W]. The statistics of each channel are taken over data points and
/// pixels.</summary>
public sealed class BatchNorm2d : BatchNorm
{
    /// <summary>A layer over <paramref name="channels"/> channels.</summary>
    /// <param name="channels">C.</param>
    /// <param name="momentum">The weight of a new batch in the running averages, in (0, 1].</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="dtype">Element type.</param>
    public BatchNorm2d(int channels, double momentum = 0.1, double epsilon = 1e-5, DType dtype = DType.Float32)
        : base(channels, momentum, epsilon, dtype)
    {
    }

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) => Normalize(x);
}
