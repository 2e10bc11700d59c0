using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>The smallest of all elements, a scalar; NaN if an element is NaN. The gradient is the same as for
    /// <see cref="Min(Index, bool)"/>.</summary>
    /// <exception cref="ArgumentException">There are no elements.</exception>
    public Tensor Min() => Reshape([Size]).Min(0);

    /// <summary>
    /// The smallest element along one axis; NaN if an element is NaN. The gradient is divided equally between the
    /// smallest elements, as for <c>amin</c> in PyTorch.
    /// </summary>
    /// <param name="axis">The axis, <c>^1</c> the innermost.</param>
    /// <param name="keepAxis">Whether the axis stays, with extent 1.</param>
    /// <exception cref="ArgumentException">The axis does not exist or has no elements.</exception>
    public Tensor Min(Index axis, bool keepAxis = false)
    {
        int at = Shape.AxisOf(axis);
        if (Shape[at] == 0)
        {
            throw new ArgumentException($"Axis {at} of shape {Shape} has no smallest element, because its extent is " +
                "0. Choose another axis, or give a tensor with elements.", nameof(axis));
        }

        Shape kept = Shape.With(at, 1);
        Tensor negated = Apply(UnaryKernel.Negate, this).ReduceAxis(ReduceKernel.Max, at, kept);
        Tensor smallest = Apply(UnaryKernel.Negate, negated);
        Tensor y = keepAxis ? smallest : smallest.View(Shape.Without(at));
        return y.Recorded(this, g => g.View(kept).Shared(Apply(BinaryKernel.GreaterOrEqual, smallest, this), at));
    }
}
