using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// The matrix product op(a) op(b), where op transposes if requested: [M, K] times [K, N] gives [M, N]. The
    /// gradients are matrix products too; without transposes, d/da = g b^T and d/db = a^T g.
    /// </summary>
    /// <exception cref="ArgumentException">An operand is not a matrix, the inner extents differ, or the element types
    /// differ.</exception>
    public static Tensor MatMul(Tensor a, Tensor b, bool transposeA = false, bool transposeB = false)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a.Rank != 2 || b.Rank != 2)
            throw new ArgumentException($"MatMul needs two matrices; got shapes {a.Shape} and {b.Shape}.");
        Tensor y = Product(a, b, null, transposeA, transposeB);
        return y.Recorded(
            [a, b],
            [
                g => transposeA ? Product(b, g, null, transposeB, true) : Product(g, b, null, false, !transposeB),
                g => transposeB ? Product(g, a, null, true, transposeA) : Product(a, g, null, !transposeA, false),
            ]);
    }

    private static Tensor Product(Tensor a, Tensor b, Tensor? bias, bool transposeA, bool transposeB,
        Nonlinearity nonlinearity = Nonlinearity.None)
    {
        RequireSameType(a, b);
        (int m, int k) = transposeA ? (a.Shape[1], a.Shape[0]) : (a.Shape[0], a.Shape[1]);
        (int inner, int n) = transposeB ? (b.Shape[1], b.Shape[0]) : (b.Shape[0], b.Shape[1]);
        if (k != inner)
        {
            throw new ArgumentException(
                $"The inner extents of the product differ: {k} from {a.Shape} and {inner} from {b.Shape}.");
        }

        Tensor y = Uninitialized([m, n], a.DType);
        Backend.Current.MatMul(a.Buffer, b.Buffer, bias?.Buffer, y.Buffer,
            new MatMulPlan(m, n, k, transposeA, transposeB) { Nonlinearity = nonlinearity });
        return y;
    }
}
