using Reparam.Tensors;

namespace Reparam.Distributions;

/// <summary>
/// Reorders vectors of shape sample + batch + [n] into the columns of one matrix for each batch member, of shape batch
/// + [n, samples], and back.
/// </summary>
internal static class Columns
{
    /// <summary>
    /// Applies a matrix function to all vectors at once. The function sees matrices of shape batch + [n, samples].
    /// </summary>
    /// <param name="x">The vectors, sample + batch + [n]. If the batch of x is smaller, it is broadcast to
    /// <paramref name="batch"/>.</param>
    /// <param name="batchRank">The number of batch axes.</param>
    /// <param name="map">The function from batch + [n, samples] to batch + [m, samples].</param>
    /// <param name="batch">The batch shape to broadcast to.</param>
    /// <returns>The results, sample + batch + [m].</returns>
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
