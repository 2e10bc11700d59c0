using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// The Cholesky factor of a symmetric positive-definite matrix or of a batch of them: the lower-triangular L with
    /// positive diagonal and L L^T = A. Reads the lower triangle of A. The gradient is symmetric: 0.5 (S + S^T), S =
    /// L^-T P(L^T g) L^-1, where P takes the lower triangle and halves the diagonal (Murray 2016, "Differentiation of
    /// the Cholesky decomposition", equation 9).
    /// </summary>
    /// <exception cref="ArgumentException">The matrices are not square, or one is not positive definite; the message
    /// says which.</exception>
    public Tensor Cholesky()
    {
        RequireSquare("Cholesky");
        Tensor l = Uninitialized(Shape, DType);
        int failed = Backend.Current.Cholesky(Buffer, l.Buffer, Shape[^1]);
        if (failed >= 0)
        {
            throw new ArgumentException(
                $"Matrix {failed} of shape {Shape} is not positive definite (or not finite). Add a small multiple of " +
                    "the identity, or parametrise by the factor itself.");
        }

        return l.Recorded(this, g =>
        {
            // A vjp is not recorded, so recorded operations cost nothing more here.
            Tensor inner = BatchProduct(l, g, true, false);
            Tensor phi = inner.Tril() - (inner.Diagonal() * 0.5).DiagonalMatrix();
            Tensor left = Solve(l, phi, transpose: true);
            // S = left L^-1, so S^T = L^-T left^T.
            Tensor transposed = Solve(l, SwapLast(left), transpose: true);
            return (transposed + SwapLast(transposed)) * 0.5;
        });
    }

    /// <summary>The last two axes swapped, not recorded.</summary>
    private static Tensor SwapLast(Tensor x)
    {
        int[] order = [.. Enumerable.Range(0, x.Rank)];
        (order[^1], order[^2]) = (order[^2], order[^1]);
        return x.Permuted(order);
    }
}
