using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// The variance along one axis of extent n, in two passes: the sum of (x - mean)^2, divided by n - 1 or, if biased,
    /// by n. d/dx = 2 (x - mean), divided by the same number.
    /// </summary>
    /// <param name="axis">The axis, <c>^1</c> the innermost.</param>
    /// <param name="keepAxis">Whether the axis stays, with extent 1.</param>
    /// <param name="unbiased">Whether to divide by n - 1, as PyTorch's <c>var</c> does by default, or by n.</param>
    /// <exception cref="ArgumentException">The axis does not exist, or has no elements, or has one element and the
    /// variance is unbiased.</exception>
    public Tensor Variance(Index axis, bool keepAxis = false, bool unbiased = true)
    {
        int at = Shape.AxisOf(axis), count = Shape[at], freedom = unbiased ? count - 1 : count;
        if (freedom < 1)
        {
            string needed = unbiased
                ? "An unbiased variance needs at least two elements"
                : "A variance needs at least one element";
            throw new ArgumentException($"{needed}: axis {at} of shape {Shape} has {count}.", nameof(axis));
        }

        Shape kept = Shape.With(at, 1);
        Tensor total = ReduceAxis(ReduceKernel.Sum, at, kept);
        Tensor mean = Apply(BinaryKernel.Divide, total, Scalar(count, DType));
        Tensor centred = Apply(BinaryKernel.Subtract, this, mean);
        Tensor squares = Apply(UnaryKernel.Square, centred).ReduceAxis(ReduceKernel.Sum, at, kept);
        Tensor variance = Apply(BinaryKernel.Divide, squares, Scalar(freedom, DType));
        Tensor y = keepAxis ? variance : variance.View(Shape.Without(at));
        return y.Recorded(this, g =>
            Apply(BinaryKernel.Multiply, centred, Apply(UnaryKernel.Affine, g.View(kept), 2.0 / freedom, 0)));
    }
}
