namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// The positions <paramref name="indices"/> of one axis, in the given order, as <c>index_select</c> in PyTorch:
    /// along axis 0, row k of the result is row indices[k] of this tensor. A position may occur several times or not at
    /// all. Its gradient is the sum of g over its occurrences, in order.
    /// </summary>
    /// <param name="axis">The axis, <c>^1</c> the innermost.</param>
    /// <param name="indices">Positions from 0 to the extent of the axis - 1.</param>
    /// <exception cref="ArgumentException">The axis does not exist, or an index is not a position of the
    /// axis.</exception>
    public Tensor IndexSelect(Index axis, params ReadOnlySpan<int> indices)
    {
        int at = Shape.AxisOf(axis);
        foreach (int index in indices)
        {
            if ((uint)index >= (uint)Shape[at]) throw NoPosition(index, Shape, at);
        }

        return Picked(indices.ToArray(), Shape.With(at, indices.Length), at, perElement: false);
    }
}
