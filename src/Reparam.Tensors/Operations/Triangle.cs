using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

/// <summary>Parts of square matrices, which are the last two axes.</summary>
public sealed partial class Tensor
{
    /// <summary>The lower triangle of a matrix or of each matrix of a batch; zero above the diagonal. With
    /// <paramref name="diagonal"/> = -1 the diagonal is zero too; with 1 the first diagonal above it is kept. The
    /// gradient is the same triangle of g.</summary>
    /// <exception cref="ArgumentException">There are fewer than two axes.</exception>
    public Tensor Tril(int diagonal = 0)
    {
        if (Rank < 2) throw new ArgumentException($"Tril needs matrices [..., m, n]; got shape {Shape}.");
        Tensor mask = Apply(
            BinaryKernel.GreaterOrEqual, Apply(UnaryKernel.Affine, Arange(Shape[^2], DType), 1, diagonal).View(
                [Shape[^2], 1]), Arange(Shape[^1], DType));
        return Apply(BinaryKernel.Masked, mask, this).Recorded(this, g => Apply(BinaryKernel.Masked, mask, g));
    }

    /// <summary>The diagonal of a square matrix, or of each matrix of a batch: [..., n, n] to [..., n]. The gradient is
    /// the diagonal matrix of g.</summary>
    /// <exception cref="ArgumentException">The last two axes do not have the same extent.</exception>
    public Tensor Diagonal()
    {
        RequireSquare("Diagonal");
        int n = Shape[^1];
        Tensor y = Apply(BinaryKernel.Masked, Eye(n, DType), this).ReduceAxis(
            ReduceKernel.Sum, Rank - 1, Shape.Without(^1));
        return y.Recorded(this, g => g.OnDiagonal());
    }

    /// <summary>Diagonal matrices whose diagonals are the rows of this tensor: [..., n] to [..., n, n]. The gradient is
    /// the diagonal of g.</summary>
    public Tensor DiagonalMatrix()
    {
        if (Rank == 0) throw new ArgumentException("DiagonalMatrix needs a tensor of rank 1 or more.");
        return OnDiagonal().Recorded(
            this, g => Apply(BinaryKernel.Masked, Eye(Shape[^1], DType), g).ReduceAxis(ReduceKernel.Sum, Rank, Shape));
    }

    private Tensor OnDiagonal()
    {
        Tensor columns = View(Shape + [1]);
        return Apply(
            BinaryKernel.Multiply, Apply(BinaryKernel.Masked, Eye(Shape[^1], DType), columns), Ones([], DType));
    }

    private void RequireSquare(string operation)
    {
        if (Rank < 2 || Shape[^1] != Shape[^2])
            throw new ArgumentException($"{operation} needs square matrices [..., n, n]; got shape {Shape}.");
    }
}
