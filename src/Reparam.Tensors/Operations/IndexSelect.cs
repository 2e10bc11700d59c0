namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// The positions <paramref name="indices"/> of one axis, in their order, as PyTorch's <c>index_select</c>: along
    /// axis 0, row k of the result is row indices[k] of this tensor. A position may be named often or never; its
    /// gradient is the sum over where it was taken, in order.
    /// </summary>
    /// <param name="axis">The axis, <c>^1</c> the innermost.</param>
    /// <param name="indices">Positions from 0 up to the axis's extent - 1.</param>
    /// <exception cref="ArgumentException">The axis does not exist, or an index is no position of it.</exception>
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
