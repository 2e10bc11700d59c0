using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// One matrix product for every position of the leading axes: y[i] = op(a[i]) op(b[i]), where op transposes the
    /// last two axes if requested. a [..., M, K] times b [..., K, N] gives [..., M, N]. The leading axes of both
    /// operands must be equal; they are not broadcast. The gradients are batches of matrix products too. Each product
    /// has the same bits as <see cref="MatMul"/>.
    /// </summary>
    /// <exception cref="ArgumentException">An operand has fewer than two axes, the leading axes or the inner extents
    /// differ, or the element types differ.</exception>
    public static Tensor BatchMatMul(Tensor a, Tensor b, bool transposeA = false, bool transposeB = false)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a.Rank < 2 || a.Rank != b.Rank || a.Shape[..^2] != b.Shape[..^2])
        {
            throw new ArgumentException(
                $"BatchMatMul needs matrices with equal leading axes; got shapes {a.Shape} and {b.Shape}.");
        }

        Tensor y = BatchProduct(a, b, transposeA, transposeB);
        return y.Recorded(
            [a, b],
            [
                g => transposeA ? BatchProduct(b, g, transposeB, true) : BatchProduct(g, b, false, !transposeB),
                g => transposeB ? BatchProduct(g, a, true, transposeA) : BatchProduct(a, g, !transposeA, false),
            ]);
    }

    private static Tensor BatchProduct(Tensor a, Tensor b, bool transposeA, bool transposeB)
    {
        RequireSameType(a, b);
        (int m, int k) = transposeA ? (a.Shape[^1], a.Shape[^2]) : (a.Shape[^2], a.Shape[^1]);
        (int inner, int n) = transposeB ? (b.Shape[^1], b.Shape[^2]) : (b.Shape[^2], b.Shape[^1]);
        if (k != inner)
        {
            throw new ArgumentException(
                $"The inner extents of the products differ: {k} from {a.Shape} and {inner} from {b.Shape}.");
        }

        Shape batch = a.Shape[..^2];
        Tensor y = Uninitialized(batch + [m, n], a.DType);
        Backend.Current.MatMul(
            a.Buffer, b.Buffer, null, y.Buffer, new MatMulPlan(m, n, k, transposeA, transposeB, batch.Size));
        return y;
    }
}
