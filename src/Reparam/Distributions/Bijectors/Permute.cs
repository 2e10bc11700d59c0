using Reparam.Tensors;

namespace Reparam.Distributions.Bijectors;

/// <summary>Reorders the elements of a vector: y_i = x_order(i). The map preserves volume.</summary>
public sealed class Permute : Bijector
{
    private readonly int _size;
    private readonly Func<int, int> _order, _inverse;

    /// <summary>Creates the permutation from the position in x of each element of y.</summary>
    /// <exception cref="ArgumentException">The order does not contain each position once.</exception>
    public Permute(params IReadOnlyList<int> order)
        : base(1)
    {
        int[] from = [.. order];
        if (!from.Order().SequenceEqual(Enumerable.Range(0, from.Length)))
            throw new ArgumentException(
                $"order must contain each position once, got [{string.Join(", ", from)}].", nameof(order));
        int[] to = new int[from.Length];
        for (int i = 0; i < from.Length; i++) to[from[i]] = i;
        (_size, _order, _inverse) = (from.Length, i => from[i], i => to[i]);
    }

    private Permute(int size, Func<int, int> order)
        : base(1) => (_size, _order, _inverse) = (size, order, order);

    /// <summary>The permutation that reverses a vector of length <paramref name="size"/>.</summary>
    public static Permute Reverse(int size) => new(size, i => size - 1 - i);

    /// <inheritdoc/>
    public override (Tensor Y, Tensor LogDet) Forward(Tensor x) => Reordered(x, _order);

    /// <inheritdoc/>
    public override (Tensor X, Tensor LogDet) Inverse(Tensor y) => Reordered(y, _inverse);

    private (Tensor, Tensor) Reordered(Tensor x, Func<int, int> order)
    {
        int size = x.Shape[^1];
        if (size != _size)
            throw new ArgumentException($"This permutation has {_size} elements, got vectors of {size}.", nameof(x));
        // A product with a matrix of zeros and ones picks the elements exactly.
        Tensor matrix = Tensor.From([size, size], picks =>
        {
            for (int i = 0; i < size; i++) picks[order(i) * size + i] = 1;
        });
        Tensor rows = x.Reshape([x.Size / Math.Max(size, 1), size]);
        Tensor y = Tensor.MatMul(rows, matrix.To(x.DType)).Reshape(x.Shape);
        return (y, Tensor.Zeros(x.Shape[..^1], x.DType));
    }
}
