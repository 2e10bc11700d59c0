using Reparam.Tensors;

namespace Reparam.Networks;

/// <summary>Batch normalisation of vectors [..., C]. The statistics of each of the C elements are taken over all
/// leading axes: with several draws for each data point, over draws and data points.</summary>
public sealed class BatchNorm1d : BatchNorm
{
    /// <summary>A layer over vectors of length <paramref name="channels"/>.</summary>
    /// <param name="channels">C.</param>
    /// <param name="momentum">The weight of a new batch in the running averages, in (0, 1].</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="dtype">Element type.</param>
    public BatchNorm1d(int channels, double momentum = 0.1, double epsilon = 1e-5, DType dtype = DType.Float32)
        : base(channels, momentum, epsilon, dtype)
    {
    }

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) => x.Rank == 2 ? Normalize(x)
        : Normalize(x.Reshape([x.Shape[..^1].Size, x.Shape[^1]])).Reshape(x.Shape);
}
