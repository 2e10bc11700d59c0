using Reparam.Tensors;

namespace Reparam.Networks;

/// <summary>Batch normalisation of vectors [..., C], each element over all of them: of several draws for each datum,
/// over draws and data.</summary>
public sealed class BatchNorm1d : BatchNorm
{
    /// <summary>A layer over vectors of length <paramref name="channels"/>.</summary>
    /// <param name="channels">C.</param>
    /// <param name="momentum">The share of a new batch in the running averages, in (0, 1].</param>
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
