namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>Reorders the axes: axis i of the result is axis <paramref name="order"/>[i] of this tensor. The
    /// gradient is permuted back.</summary>
    /// <exception cref="ArgumentException">The order does not contain every axis exactly once.</exception>
    public Tensor Permute(params ReadOnlySpan<int> order)
    {
        int[] axes = order.ToArray();
        if (!axes.Order().SequenceEqual(Enumerable.Range(0, Rank)))
        {
            throw new ArgumentException($"A permutation of shape {Shape} needs each of its {Rank} axes once; got " +
                $"[{string.Join(", ", axes)}].", nameof(order));
        }

        int[] inverse = new int[axes.Length];
        for (int i = 0; i < axes.Length; i++) inverse[axes[i]] = i;
        return Permuted(axes).Recorded(this, g => g.Permuted(inverse));
    }

    /// <summary>The transpose of a matrix.</summary>
    public Tensor Transpose() => Permute(1, 0);

    private Tensor Permuted(int[] axes)
    {
        int[] strides = RowMajorStrides(Shape);
        return Strided(Shape.Create([.. axes.Select(a => Shape[a])]), [.. axes.Select(a => strides[a])], 0);
    }

    private static int[] RowMajorStrides(Shape shape)
    {
        int[] strides = new int[shape.Rank];
        int step = 1;
        for (int i = shape.Rank - 1; i >= 0; i--)
        {
            strides[i] = step;
            step *= shape[i];
        }

        return strides;
    }
}
