using Reparam.Tensors;

namespace Reparam.Networks;

/// <summary>Attention in which the channels of a token divide into heads (Vaswani et al. 2017, section
/// 3.2.2).</summary>
internal static class Heads
{
    /// <summary>The number of heads.</summary>
    /// <exception cref="ArgumentException">The channels do not divide into the heads.</exception>
    public static int Checked(int channels, int heads)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(heads);
        return channels % heads == 0 ? heads
            : throw new ArgumentException($"{channels} channels do not divide into {heads} heads.", nameof(heads));
    }

    /// <summary>Attention of each head, with the results side by side again. All tensors are [B, T, C].</summary>
    public static Tensor Attend(Tensor query, Tensor key, Tensor value, int heads)
    {
        if (heads == 1) return Tensor.ScaledDotProductAttention(query, key, value);
        Tensor attended = Tensor.ScaledDotProductAttention(Split(query), Split(key), Split(value));
        return attended.Permute(0, 2, 1, 3).Reshape(query.Shape);

        Tensor Split(Tensor x) =>
            x.Reshape([x.Shape[0], x.Shape[1], heads, x.Shape[2] / heads]).Permute(0, 2, 1, 3);
    }
}
