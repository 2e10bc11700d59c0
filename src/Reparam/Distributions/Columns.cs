using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>Vectors of shape sample + batch + [n] as the columns of one matrix for each batch member, batch + [n,
/// samples], and back.</summary>
internal static class Columns
{
    /// <summary>Applies a map of matrices batch + [n, k] to all vectors at once.</summary>
    /// <param name="x">sample + batch + [n]; where its batch is smaller, it is repeated to
    /// <paramref name="batch"/>.</param>
    /// <param name="batchRank">The number of batch axes.</param>
    /// <param name="map">From batch + [n, samples] to batch + [m, samples].</param>
    /// <param name="batch">The batch to repeat to.</param>
    /// <returns>sample + batch + [m].</returns>
    public static Tensor Apply(Tensor x, int batchRank, Func<Tensor, Tensor> map, Shape? batch = null)
    {
        int n = x.Shape[^1];
        if (batch is { } whole) x = Checked.To(x, Checked.Join(x.Shape, whole + [n], "the value", "the batch"));
        int sampleRank = x.Rank - 1 - batchRank;
        Shape sample = x.Shape[..sampleRank], inner = x.Shape[sampleRank..^1];
        int samples = sample.Size;
        // [samples, batch..., n] to [batch..., n, samples].
        int[] forward = [.. Enumerable.Range(1, batchRank + 1), 0];
        int[] back = [batchRank + 1, .. Enumerable.Range(0, batchRank + 1)];
        Tensor columns = x.Reshape([samples, .. inner, n]).Permute(forward);
        Tensor mapped = map(columns).Permute(back);
        return mapped.Reshape(sample + inner + mapped.Shape[^1..]);
    }
}
