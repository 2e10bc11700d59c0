using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// The Cholesky factor of a symmetric positive-definite matrix, or of a batch of such matrices [..., n, n]: the
    /// lower-triangular L with positive diagonal and L L^T = A. Only the lower triangle of A is read. The gradient is
    /// symmetric: 0.5 (S + S^T), S = L^-T P(L^T g) L^-1, where P takes the lower triangle and halves the diagonal
    /// (Murray 2016, "Differentiation of the Cholesky decomposition", equation 9).
    /// </summary>
    /// <exception cref="ArgumentException">The matrices are not square, or one of them is not positive definite; the
    /// message gives its index.</exception>
    public Tensor Cholesky()
    {
        RequireSquare("Cholesky");
        Tensor l = Uninitialized(Shape, DType);
        int failed = Backend.Current.Cholesky(Buffer, l.Buffer, Shape[^1]);
        if (failed >= 0)
        {
            throw new ArgumentException(
                $"Matrix {failed} of shape {Shape} is not positive definite (or not finite). Add a small multiple of " +
                    "the identity, or use the Cholesky factor as the parameter.");
        }

        return l.Recorded(this, g =>
        {
            // Operations inside a vector-Jacobian product are not recorded, so recording operations add no cost here.
            Tensor inner = BatchProduct(l, g, true, false);
            Tensor phi = inner.Tril() - (inner.Diagonal() * 0.5).DiagonalMatrix();
            Tensor left = Solve(l, phi, transpose: true);
            // S = left L^-1, so S^T = L^-T left^T.
            Tensor transposed = Solve(l, SwapLast(left), transpose: true);
            return (transposed + SwapLast(transposed)) * 0.5;
        });
    }

    /// <summary>The tensor with its last two axes swapped, not recorded.</summary>
    private static Tensor SwapLast(Tensor x)
    {
        int[] order = [.. Enumerable.Range(0, x.Rank)];
        (order[^1], order[^2]) = (order[^2], order[^1]);
        return x.Permuted(order);
    }
}
