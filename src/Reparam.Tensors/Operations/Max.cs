using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>The largest of all elements, a scalar; NaN if an element is NaN. The gradient is the same as for
    /// <see cref="Max(Index, bool)"/>.</summary>
    /// <exception cref="ArgumentException">There are no elements.</exception>
    public Tensor Max() => Reshape([Size]).Max(0);

    /// <summary>
    /// The largest element along one axis; NaN if an element is NaN. The gradient is divided equally between the
    /// largest elements, as for <c>amax</c> in PyTorch. <see cref="ArgMax"/> gives the position of the largest element.
    /// </summary>
    /// <param name="axis">The axis, <c>^1</c> the innermost.</param>
    /// <param name="keepAxis">Whether the axis stays, with extent 1.</param>
    /// <exception cref="ArgumentException">The axis does not exist or has no elements.</exception>
    public Tensor Max(Index axis, bool keepAxis = false)
    {
        int at = Shape.AxisOf(axis);
        if (Shape[at] == 0)
        {
            throw new ArgumentException($"Axis {at} of shape {Shape} has no largest element, because its extent is " +
                "0. Choose another axis, or give a tensor with elements.", nameof(axis));
        }

        Shape kept = Shape.With(at, 1);
        Tensor largest = ReduceAxis(ReduceKernel.Max, at, kept);
        Tensor y = keepAxis ? largest : largest.View(Shape.Without(at));
        return y.Recorded(this, g => g.View(kept).Shared(Apply(BinaryKernel.GreaterOrEqual, this, largest), at));
    }

    /// <summary>Divides this gradient equally between the elements along an axis that are marked with 1. If no element
    /// is marked, which happens if the result is NaN, the gradient is NaN.</summary>
    private Tensor Shared(Tensor chosen, int axis)
    {
        Tensor share = Apply(BinaryKernel.Divide, this, chosen.ReduceAxis(ReduceKernel.Sum, axis, Shape));
        return Apply(BinaryKernel.Multiply, chosen, share);
    }
}
