using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// Solves L X = B, or L^T X = B, for lower-triangular L: L [..., n, n] and B [..., n, k], with equal leading axes.
    /// The elements above the diagonal of L are not read. With G = L^-T g (for L^T: G = L^-1 g), dB = G and dL =
    /// -tril(G X^T) (for L^T: -tril(X G^T)).
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not fit, or the element types differ.</exception>
    public static Tensor TriangularSolve(Tensor l, Tensor b, bool transpose = false)
    {
        ArgumentNullException.ThrowIfNull(l);
        ArgumentNullException.ThrowIfNull(b);
        RequireSameType(l, b);
        l.RequireSquare("TriangularSolve");
        if (b.Rank != l.Rank || b.Shape[..^1] != l.Shape[..^1])
        {
            throw new ArgumentException("TriangularSolve needs L [..., n, n] and B [..., n, k] with equal leading " +
                $"axes; got {l.Shape} and {b.Shape}.");
        }

        Tensor x = Solve(l, b, transpose);
        return x.Recorded(
            [l, b],
            [
                g =>
                {
                    Tensor solved = Solve(l, g, !transpose);
                    return -(transpose ? BatchProduct(x, solved, false, true)
                        : BatchProduct(solved, x, false, true)).Tril();
                },
                g => Solve(l, g, !transpose),
            ]);
    }

    private static Tensor Solve(Tensor l, Tensor b, bool transpose)
    {
        Tensor x = Uninitialized(b.Shape, b.DType);
        Backend.Current.TriangularSolve(l.Buffer, b.Buffer, x.Buffer, l.Shape[^1], b.Shape[^1], transpose);
        return x;
    }
}
