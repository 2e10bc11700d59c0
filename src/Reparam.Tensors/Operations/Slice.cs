using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>A run of <paramref name="length"/> positions of one axis, copied. The gradient is zero outside the
    /// run.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The run does not lie within the axis.</exception>
    public Tensor Slice(Index axis, int start, int length)
    {
        int at = Shape.AxisOf(axis);
        if (start < 0 || length < 0 || start > Shape[at] - length)
        {
            throw new ArgumentOutOfRangeException(
                nameof(start), $"Positions {start} to {start + length} do not lie within axis {at} of shape {Shape}.");
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

    /// <summary>The two halves of an axis of even extent: the way one head gives a location and a scale.</summary>
    /// <exception cref="ArgumentException">The extent is odd.</exception>
    public (Tensor First, Tensor Second) Halves(Index axis)
    {
        int extent = Shape[axis];
        if (extent % 2 != 0)
            throw new ArgumentException($"Axis {axis} of shape {Shape} has an odd extent and no halves.", nameof(axis));
        return (Slice(axis, 0, extent / 2), Slice(axis, extent / 2, extent / 2));
    }

    private void Place(Tensor part, int[] strides, int offset)
    {
        if (part.Size > 0)
        {
            Backend.Current.Scatter(
                part.Buffer, Buffer, new StridedPlan { Extents = [.. part.Shape], Strides = strides, Offset = offset });
        }
    }
}
