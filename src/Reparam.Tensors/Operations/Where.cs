using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// a where <paramref name="condition"/> is not 0, b elsewhere, broadcasting. An element that is not chosen has no
    /// effect, even if it is infinite or NaN. d/da = 1 where a is chosen and exactly 0 elsewhere; d/db = 1 where b is
    /// chosen and exactly 0 elsewhere. The condition has no gradient.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast, or the element types differ.</exception>
    public static Tensor Where(Tensor condition, Tensor a, Tensor b)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        // 1 where b is chosen, else 0.
        Tensor other = Apply(
            UnaryKernel.Affine, Apply(BinaryKernel.Masked, condition, Ones([], condition.DType)), -1, 1);
        Tensor y = Apply(
            BinaryKernel.Add, Apply(BinaryKernel.Masked, condition, a), Apply(BinaryKernel.Masked, other, b));
        return y.Recorded(
            [a, b],
            [g => Apply(BinaryKernel.Masked, condition, g).SumTo(a.Shape),
                g => Apply(BinaryKernel.Masked, other, g).SumTo(b.Shape)]);
    }

    /// <summary><see cref="Where(Tensor, Tensor, Tensor)"/> with a number in place of b.</summary>
    public static Tensor Where(Tensor condition, Tensor a, double b) => Where(condition, a, Scalar(b, a.DType));
}
