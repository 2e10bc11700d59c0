using Reparam.Tensors;

namespace Reparam.Distributions.Bijectors;

/// <summary>Reorders the elements of a vector: y_i = x_order(i). Volume is kept.</summary>
public sealed class Permute : Bijector
{
    private readonly int[] _order, _inverse;

    /// <summary>From the position in x of each element of y.</summary>
    /// <exception cref="ArgumentException">The order does not name each position once.</exception>
    public Permute(params IReadOnlyList<int> order)
        : base(1)
    {
        _order = [.. order];
        if (!_order.Order().SequenceEqual(Enumerable.Range(0, _order.Length)))
            throw new ArgumentException($"A permutation names each position once, got [{string.Join(", ", _order)}].", nameof(order));
        _inverse = new int[_order.Length];
        for (int i = 0; i < _order.Length; i++) _inverse[_order[i]] = i;
    }

    /// <summary>The elements of a vector of length <paramref name="size"/> from last to first.</summary>
    public static Permute Reverse(int size) => new([.. Enumerable.Range(0, size).Reverse()]);

    /// <inheritdoc/>
    public override (Tensor Y, Tensor LogDet) Forward(Tensor x) => Reordered(x, _order);

    /// <inheritdoc/>
    public override (Tensor X, Tensor LogDet) Inverse(Tensor y) => Reordered(y, _inverse);

    private static (Tensor, Tensor) Reordered(Tensor x, int[] order)
    {
        int size = x.Shape[^1];
        if (size != order.Length) throw new ArgumentException($"This permutation is of {order.Length} elements, got vectors of {size}.", nameof(x));
        // A product with a matrix of zeros and ones picks the elements exactly.
        double[] picks = new double[size * size];
        for (int i = 0; i < size; i++) picks[order[i] * size + i] = 1;
        Tensor rows = x.Reshape([x.Size / Math.Max(size, 1), size]);
        Tensor y = Tensor.MatMul(rows, Tensor.From(picks, [size, size]).To(x.DType)).Reshape(x.Shape);
        return (y, Tensor.Zeros(x.Shape[..^1], x.DType));
    }
}
