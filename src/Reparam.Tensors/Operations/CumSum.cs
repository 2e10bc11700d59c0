using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// The cumulative sums along one axis: y[k] = x[0] + ... + x[k], with the shape of this tensor. The elements are
    /// added in double, in order, and each result is rounded once. The gradient is the cumulative sum of g from the
    /// end.
    /// </summary>
    /// <param name="axis">The axis, <c>^1</c> the innermost.</param>
    /// <exception cref="ArgumentException">The axis does not exist.</exception>
    public Tensor CumSum(Index axis)
    {
        int at = Shape.AxisOf(axis);
        return Accumulated(at, backward: false).Recorded(this, g => g.Accumulated(at, backward: true));
    }

    private Tensor Accumulated(int axis, bool backward)
    {
        Tensor y = Uninitialized(Shape, DType);
        int outer = Shape[..axis].Size, inner = Shape[(axis + 1)..].Size;
        Backend.Current.CumulativeSum(Buffer, y.Buffer, outer, Shape[axis], inner, backward);
        return y;
    }
}
