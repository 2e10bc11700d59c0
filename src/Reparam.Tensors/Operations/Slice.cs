using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>A copy of <paramref name="length"/> consecutive positions of one axis, from <paramref name="start"/>
    /// on. The gradient is zero outside these positions.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The positions do not lie within the axis.</exception>
    public Tensor Slice(Index axis, int start, int length)
    {
        int at = Shape.AxisOf(axis);
        if (start < 0 || length < 0 || start > Shape[at] - length)
        {
            throw new ArgumentOutOfRangeException(
                nameof(start), $"Range {start}..{start + length} does not lie within axis {at} of shape {Shape}.");
        }

        int[] strides = RowMajorStrides(Shape);
        Shape part = Shape.With(at, length);
        return Strided(part, strides, start * strides[at]).Recorded(this, g =>
        {
            Tensor whole = Zeros(Shape, DType);
            whole.Place(g, strides, start * strides[at]);
            return whole;
        });
    }

    /// <summary>The two halves of an axis of even extent. A layer that computes both a location and a scale splits its
    /// output in this way.</summary>
    /// <exception cref="ArgumentException">The extent is odd.</exception>
    public (Tensor First, Tensor Second) Halves(Index axis)
    {
        int extent = Shape[axis];
        if (extent % 2 != 0)
            throw new ArgumentException($"Axis {axis} of shape {Shape} has an odd extent.", nameof(axis));
        return (Slice(axis, 0, extent / 2), Slice(axis, extent / 2, extent / 2));
    }

    private void Place(Tensor part, int[] strides, int offset)
    {
        if (part.Size > 0)
        {
            Backend.Current.Scatter(part.Buffer, Buffer, new StridedPlan
            {
                Extents = part.Shape.Extents, Strides = strides, Offset = offset,
            });
        }
    }
}
