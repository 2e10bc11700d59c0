using System.Runtime.CompilerServices;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// A copy of a part of this tensor. For each axis, outermost first, give a range of positions (<c>2..5</c>,
    /// <c>..^1</c>), which keeps the axis, or one position (<c>0</c>, <c>^1</c>), which removes the axis. The remaining
    /// axes stay whole: if t has shape [4, 5, 6], <c>t[1..3, ^1]</c> has shape [2, 6]. The gradient is zero outside the
    /// part.
    /// </summary>
    /// <param name="axes">The range or position of each axis.</param>
    /// <exception cref="ArgumentException">There are more ranges and positions than axes, or one of them does not lie
    /// within its axis.</exception>
    [IndexerName("Part")]
    public Tensor this[params ReadOnlySpan<AxisSlice> axes]
    {
        get
        {
            if (axes.Length > Rank)
            {
                throw new ArgumentException(
                    $"Shape {Shape} has {Rank} axes but {axes.Length} axes are indexed.", nameof(axes));
            }

            int[] strides = RowMajorStrides(Shape);
            List<int> extents = [], steps = [];
            int offset = 0;
            for (int axis = 0; axis < Rank; axis++)
            {
                AxisSlice slice = axis < axes.Length ? axes[axis] : Range.All;
                (int start, int length) = slice.Within(Shape, axis);
                offset += start * strides[axis];
                if (slice.IsPosition) continue;
                extents.Add(length);
                steps.Add(strides[axis]);
            }

            int[] partStrides = [.. steps];
            return Strided(Shape.Create([.. extents]), partStrides, offset).Recorded(this, g =>
            {
                Tensor whole = Zeros(Shape, DType);
                whole.Place(g, partStrides, offset);
                return whole;
            });
        }
    }
}
