using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// The position of the largest element along an axis, as a number of the element type; the first position if
    /// several elements are equally large. The result does not have the axis. Piecewise constant: no gradient.
    /// </summary>
    /// <exception cref="ArgumentException">The axis has no elements, or an element is NaN.</exception>
    public Tensor ArgMax(Index axis)
    {
        int at = Shape.AxisOf(axis);
        int extent = Shape[at];
        if (extent == 0)
        {
            throw new ArgumentException($"Axis {at} of shape {Shape} has no largest element, because its extent is " +
                "0. Choose another axis, or give a tensor with elements.", nameof(axis));
        }

        Tensor isLargest = Apply(
            BinaryKernel.GreaterOrEqual, this, ReduceAxis(ReduceKernel.Max, at, Shape.With(at, 1)));
        // Of the largest elements, the first has the largest distance from the end, extent - position.
        Tensor fromEnd = Apply(UnaryKernel.Affine, Arange(extent, DType), -1, extent).View(Along(at, extent));
        Tensor first = Apply(BinaryKernel.Multiply, isLargest, fromEnd).ReduceAxis(
            ReduceKernel.Max, at, Shape.Without(at));
        Tensor position = Apply(UnaryKernel.Affine, first, -1, extent);
        // A comparison with NaN is always false, so a slice that contains a NaN has no element marked as largest.
        bool anyNaN = position.Size > 0 && Apply(UnaryKernel.Negate, first).ReduceAll(ReduceKernel.Max) >= 0;
        if (anyNaN && first.HasElements)
            throw new ArgumentException("ArgMax cannot compare NaN. Find where it comes from, or replace it first.");
        return position;
    }

    /// <summary>One-hot rows: result[..., k] = 1 where the element of this tensor is k, else 0. An element that is not
    /// one of 0, ..., <paramref name="count"/> - 1 gives a row of zeros. No gradient.</summary>
    public Tensor OneHot(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Tensor index = View(Shape + [1]), positions = Arange(count, DType);
        return Apply(BinaryKernel.Multiply, Apply(BinaryKernel.GreaterOrEqual, index, positions),
            Apply(BinaryKernel.GreaterOrEqual, positions, index));
    }

    /// <summary>The shape of a vector that lies along one axis of this tensor: all other extents are 1.</summary>
    private Shape Along(int axis, int extent)
    {
        int[] extents = new int[Rank];
        Array.Fill(extents, 1);
        extents[axis] = extent;
        return Shape.Create(extents);
    }

    private double ReduceAll(ReduceKernel kernel)
    {
        Tensor y = Uninitialized([], DType);
        Backend.Current.Reduce(kernel, Buffer, y.Buffer, 1, Size, 1);
        return y.Item();
    }
}
