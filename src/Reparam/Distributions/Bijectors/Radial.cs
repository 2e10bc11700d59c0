using Reparam.Tensors;

namespace Reparam.Distributions.Bijectors;

/// <summary>
/// The radial flow y = x + beta (x - x0) / (alpha + r) with r = |x - x0| (Rezende and Mohamed 2015, equation 14). It
/// moves mass away from a centre or towards it. alpha = softplus(a), and beta = -alpha + softplus(b) keeps the map
/// invertible.
/// </summary>
public sealed class Radial : Bijector
{
    private readonly Tensor _centre, _alpha, _beta;

    /// <summary>Creates the map from the centre [..., D] and the free parameters a and b [...].</summary>
    public Radial(Tensor centre, Tensor a, Tensor b)
        : base(1)
    {
        _centre = centre;
        _alpha = a.SoftPlus();
        _beta = b.SoftPlus() - _alpha;
    }

    /// <inheritdoc/>
    public override (Tensor Y, Tensor LogDet) Forward(Tensor x)
    {
        Tensor offset = x - _centre, r = Length(offset);
        return (x + offset * Column(_beta / (_alpha + r)), LogDet(r, x.Shape[^1]));
    }

    /// <summary>The inverse. The radius solves r^2 + (alpha + beta - R) r - alpha R = 0 with R = |y - x0|.</summary>
    public override (Tensor X, Tensor LogDet) Inverse(Tensor y)
    {
        Tensor offset = y - _centre, outer = Length(offset);
        Tensor half = (_alpha + _beta - outer) * 0.5, root = (half.Square() + _alpha * outer).Sqrt();
        // The positive root, in the form that does not cancel.
        Tensor negative = Tensor.Less(half, 0);
        Tensor r = Tensor.Where(
            negative, root - half, _alpha * outer / Tensor.Where(negative, Tensor.Scalar(1, y.DType), root + half));
        return (_centre + offset * Column((_alpha + r) / (_alpha + r + _beta)), -LogDet(r, y.Shape[^1]));
    }

    /// <summary>(D - 1) log(1 + beta h) + log(1 + beta alpha h^2) with h = 1 / (alpha + r).</summary>
    private Tensor LogDet(Tensor r, int dimensions)
    {
        Tensor h = (_alpha + r).Reciprocal();
        return (_beta * h).LogP1() * (dimensions - 1) + (_beta * _alpha * h.Square()).LogP1();
    }

    private static Tensor Length(Tensor x) => (x.Square().Sum(^1) + 1e-30).Sqrt();

    private static Tensor Column(Tensor x) => x.Reshape(x.Shape + [1]);
}
