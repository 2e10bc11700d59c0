using Reparam.Tensors;

namespace Reparam.Distributions.Bijectors;

/// <summary>
/// y = loc + L x for a lower-triangular L with a positive diagonal: log det = sum log diag L. A posterior with full
/// covariance is this map of a standard normal.
/// </summary>
public sealed class LowerTriangular : Bijector
{
    private readonly Tensor _loc, _l;

    /// <summary>
    /// Creates the map from the offset [D] and the factor [D, D]. The elements above the diagonal of the factor are
    /// ignored.
    /// </summary>
    /// <exception cref="ArgumentException">A diagonal element is not positive.</exception>
    public LowerTriangular(Tensor loc, Tensor scaleTril)
        : base(1)
    {
        _loc = loc;
        _l = scaleTril.Tril();
        Checked.Positive(_l.Diagonal(), "the diagonal of scaleTril");
    }

    /// <inheritdoc/>
    public override (Tensor Y, Tensor LogDet) Forward(Tensor x) =>
        (_loc + Columns.Apply(x, 0, columns => Tensor.MatMul(_l, columns)), LogDet(x));

    /// <inheritdoc/>
    public override (Tensor X, Tensor LogDet) Inverse(Tensor y) =>
        (Columns.Apply(y - _loc, 0, columns => Tensor.TriangularSolve(_l, columns)), -LogDet(y));

    private Tensor LogDet(Tensor x) => _l.Diagonal().Log().Sum() + Tensor.Zeros(x.Shape[..^1], x.DType);
}
