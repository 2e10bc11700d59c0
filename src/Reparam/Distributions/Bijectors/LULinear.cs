using Reparam.Tensors;

namespace Reparam.Distributions.Bijectors;

/// <summary>
/// y = P L U x + bias. Any invertible matrix is a product of a permutation, a unit lower triangle and an upper triangle
/// (Kingma and Dhariwal 2018, "Glow", equation 11; applied to channels it is a 1x1 convolution). log det = sum log
/// |diag U|.
/// </summary>
public sealed class LULinear : Bijector
{
    private readonly Permute _permutation;
    private readonly Tensor _lower, _upperTransposed, _logDiagonal;
    private readonly Tensor _bias;

    /// <summary>
    /// Creates the map from free parameters: the strict lower triangle of <paramref name="lower"/> [D, D], the strict
    /// upper triangle of <paramref name="upper"/> [D, D], the logarithms of the diagonal of U, [D], and the bias.
    /// </summary>
    public LULinear(Permute permutation, Tensor lower, Tensor upper, Tensor logDiagonal, Tensor bias)
        : base(1)
    {
        int size = logDiagonal.Shape[0];
        _permutation = permutation;
        _lower = lower.Tril(-1) + Tensor.Eye(size, lower.DType);
        _upperTransposed = upper.Transpose().Tril(-1) + logDiagonal.Exp().DiagonalMatrix();
        _logDiagonal = logDiagonal;
        _bias = bias;
    }

    /// <inheritdoc/>
    public override (Tensor Y, Tensor LogDet) Forward(Tensor x)
    {
        Tensor y = Columns.Apply(
            x, 0, columns => Tensor.MatMul(_lower, Tensor.MatMul(_upperTransposed, columns, transposeA: true)));
        return (_permutation.Forward(y).Y + _bias, LogDet(x));
    }

    /// <inheritdoc/>
    public override (Tensor X, Tensor LogDet) Inverse(Tensor y)
    {
        Tensor ordered = _permutation.Inverse(y - _bias).X;
        Tensor x = Columns.Apply(ordered, 0, columns => Tensor.TriangularSolve(
            _upperTransposed, Tensor.TriangularSolve(_lower, columns), transpose: true));
        return (x, -LogDet(y));
    }

    private Tensor LogDet(Tensor x) => _logDiagonal.Sum() + Tensor.Zeros(x.Shape[..^1], x.DType);
}
