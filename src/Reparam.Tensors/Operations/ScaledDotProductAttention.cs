namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// Attention (Vaswani et al. 2017, equation 1): softmax(q k^T / sqrt D) v over the last two axes, q [..., L, D], k
    /// [..., S, D], v [..., S, E], with equal leading axes. The result is [..., L, E]. The softmax runs over S.
    /// Gradients flow to q, k and v.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor ScaledDotProductAttention(Tensor q, Tensor k, Tensor v)
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(k);
        ArgumentNullException.ThrowIfNull(v);
        if (q.Rank < 2 || k.Rank != q.Rank || v.Rank != q.Rank || q.Shape[^1] != k.Shape[^1]
            || k.Shape[^2] != v.Shape[^2] || q.Shape[^1] == 0)
        {
            throw new ArgumentException("Attention needs q [..., L, D], k [..., S, D] and v [..., S, E]; got " +
                $"{q.Shape}, {k.Shape} and {v.Shape}.");
        }

        // The scale is applied to q, which has L D elements, and not to the scores, which have L S elements.
        Tensor scores = BatchMatMul(q * (1 / Math.Sqrt(q.Shape[^1])), k, transposeB: true);
        return BatchMatMul(scores.SoftMaxWeights(^1), v);
    }
}
