using Reparam.Tensors;

namespace Reparam.Distributions.Bijectors;

/// <summary>
/// The reflection y = x - 2 v (v . x) / |v|^2. It is its own inverse, and it preserves volume. A chain of such
/// reflections gives any rotation (Tomczak and Welling 2016).
/// </summary>
public sealed class Householder : Bijector
{
    private readonly Tensor _direction;

    /// <summary>Creates the reflection from the direction v [..., D], which is not 0.</summary>
    public Householder(Tensor v)
        : base(1) => _direction = v / (v.Square().Sum(^1, keepAxis: true)).Sqrt();

    /// <inheritdoc/>
    public override (Tensor Y, Tensor LogDet) Forward(Tensor x) =>
        (x - _direction * (_direction * x).Sum(^1, keepAxis: true) * 2, Tensor.Zeros(x.Shape[..^1], x.DType));

    /// <inheritdoc/>
    public override (Tensor X, Tensor LogDet) Inverse(Tensor y) => Forward(y);
}
