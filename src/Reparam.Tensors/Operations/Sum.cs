using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>The sum of all elements, a scalar. d/dx = 1.</summary>
    public Tensor Sum() => SumFrom(0);

    /// <summary>The sum along one axis. The order of summation depends only on the extents. d/dx = 1.</summary>
    /// <param name="axis">The axis, <c>^1</c> the innermost.</param>
    /// <param name="keepAxis">Whether the axis stays, with extent 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The axis does not exist.</exception>
    public Tensor Sum(Index axis, bool keepAxis = false)
    {
        int at = Shape.AxisOf(axis);
        Shape kept = Shape.With(at, 1);
        Tensor y = ReduceAxis(ReduceKernel.Sum, at, keepAxis ? kept : Shape.Without(at));
        return y.Recorded(this, g => g.View(kept).ExpandTo(Shape));
    }

    /// <summary>The sum over all axes from <paramref name="axis"/> on, for example over the event axes of a batch of
    /// events. d/dx = 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The axis is not from 0 to the rank.</exception>
    public Tensor SumFrom(Index axis)
    {
        int at = axis.GetOffset(Rank);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)at, (uint)Rank, nameof(axis));
        Shape outer = Shape[..at];
        Tensor y = Uninitialized(outer, DType);
        Backend.Current.Reduce(ReduceKernel.Sum, Buffer, y.Buffer, outer.Size, Shape[at..].Size, 1);
        Shape kept = Shape.Create([.. outer.AsSpan(), .. Enumerable.Repeat(1, Rank - at).ToArray()]);
        return y.Recorded(this, g => g.View(kept).ExpandTo(Shape));
    }

    /// <summary>The arithmetic mean of all elements, a scalar. d/dx = 1/n for n elements.</summary>
    public Tensor Mean() => Sum() / Size;

    /// <summary>The arithmetic mean along one axis. d/dx = 1/n for an axis of extent n.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The axis does not exist.</exception>
    public Tensor Mean(Index axis, bool keepAxis = false) => Sum(axis, keepAxis) / Shape[axis];

    /// <summary>
    /// Sums the axes along which <paramref name="shape"/> was broadcast to this tensor's shape: the transpose of
    /// broadcasting. Not recorded; gradients use it.
    /// </summary>
    internal Tensor SumTo(Shape shape)
    {
        if (Shape == shape) return this;
        Tensor result = this;
        int added = Rank - shape.Rank;
        if (added > 0)
        {
            Shape inner = Shape[added..];
            Tensor y = Uninitialized(inner, DType);
            Backend.Current.Reduce(ReduceKernel.Sum, Buffer, y.Buffer, 1, Shape[..added].Size, inner.Size);
            result = y;
        }

        for (int axis = 0; axis < shape.Rank; axis++)
        {
            if (shape[axis] == 1 && result.Shape[axis] != 1)
                result = result.ReduceAxis(ReduceKernel.Sum, axis, result.Shape.With(axis, 1));
        }

        return result;
    }

    private Tensor ReduceAxis(ReduceKernel kernel, int axis, Shape result)
    {
        Tensor y = Uninitialized(result, DType);
        Backend.Current.Reduce(kernel, Buffer, y.Buffer, Shape[..axis].Size, Shape[axis], Shape[(axis + 1)..].Size);
        return y;
    }
}
