using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// The position of the largest element along an axis, the first of equals, as a number of the element type; the
    /// axis is gone. Piecewise constant: no gradient.
    /// </summary>
    /// <exception cref="ArgumentException">The axis has no elements, or an element is NaN.</exception>
    public Tensor ArgMax(Index axis)
    {
        int at = Shape.AxisOf(axis);
        int extent = Shape[at];
        if (extent == 0)
            throw new ArgumentException($"Axis {at} of shape {Shape} has no largest element.", nameof(axis));
        Tensor isLargest = Apply(
            BinaryKernel.GreaterOrEqual, this, ReduceAxis(ReduceKernel.Max, at, Shape.With(at, 1)));
        // The first is the one with the fewest steps from the end: extent - position, largest.
        Tensor fromEnd = Apply(UnaryKernel.Affine, Arange(extent, DType), -1, extent).View(Along(at, extent));
        Tensor first = Apply(BinaryKernel.Multiply, isLargest, fromEnd).ReduceAxis(
            ReduceKernel.Max, at, Shape.Without(at));
        Tensor position = Apply(UnaryKernel.Affine, first, -1, extent);
        // No comparison with NaN holds, so a slice with one has no largest element.
        bool anyNaN = position.Size > 0 && Apply(UnaryKernel.Negate, first).ReduceAll(ReduceKernel.Max) >= 0;
        if (anyNaN && first.HasElements)
            throw new ArgumentException("NaN has no order: there is no largest element along the axis.");
        return position;
    }

    /// <summary>Rows of zeros with a one: result[..., k] = 1 where this tensor's element is k. A number that is not one
    /// of 0..<paramref name="count"/>-1 gives a row of zeros. No gradient.</summary>
    public Tensor OneHot(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Tensor index = View(Shape + [1]), positions = Arange(count, DType);
        return Apply(BinaryKernel.Multiply, Apply(BinaryKernel.GreaterOrEqual, index, positions),
            Apply(BinaryKernel.GreaterOrEqual, positions, index));
    }

    /// <summary>The shape that lays a vector along one axis of this tensor.</summary>
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
