using Reparam.Tensors;

namespace Reparam.Distributions.Bijectors;

/// <summary>
/// The planar flow y = x + u' tanh(w . x + b) (Rezende and Mohamed 2015, equation 10). u is moved along w to u', so
/// that w . u' > -1 and the map is invertible: w . u' = m(w . u). The function m of their appendix A.1, softplus(a) -
/// 1, maps 0 to -0.31, so it moves a small u by 0.31 / |w|. This class uses m(a) = softplus(a + log(e - 1)) - 1, which
/// maps 0 to 0, so that small u and w give a map near the identity. log det = log(1 + (1 - tanh^2) w . u').
/// </summary>
public sealed class Planar : Bijector
{
    // The softplus of this number is 1.
    private static readonly double Shift = PortableMath.Log(PortableMath.ExpM1(1));

    private readonly Tensor _u, _w, _b, _slope;

    /// <summary>
    /// Creates the map from u [..., D], w [..., D] and b [...], either one for each data point or one for all data
    /// points. They broadcast against x [..., D].
    /// </summary>
    public Planar(Tensor u, Tensor w, Tensor b)
        : base(1)
    {
        // Computes u + (m(w.u) - w.u) w / |w|^2. If w is exactly 0, there is no direction to move along.
        Tensor product = (w * u).Sum(^1, keepAxis: true), square = w.Square().Sum(^1, keepAxis: true) + 1e-30;
        Tensor moved = (product + Shift).SoftPlus() - 1;
        _u = u + (moved - product) * w / square;
        (_w, _b) = (w, b);
        // If w . u' were computed directly, it might round to less than -1.
        _slope = moved.Sum(^1);
    }

    /// <inheritdoc/>
    public override (Tensor Y, Tensor LogDet) Forward(Tensor x)
    {
        Tensor h = ((_w * x).Sum(^1) + _b).Tanh();
        return (x + _u * h.Reshape(h.Shape + [1]), LogDet(h));
    }

    /// <summary>
    /// The inverse, by a root along w. With a = w . x + b, w . y + b = a + (w . u') tanh(a). The search is for a
    /// itself: for a steep map, w . x has the size of b, and a would lose its digits.
    /// </summary>
    public override (Tensor X, Tensor LogDet) Inverse(Tensor y)
    {
        Tensor a = MonotoneRoot.Of(
            at =>
            {
                Tensor value = at.Tanh();
                return (at + _slope * value, 1 + _slope * (1 - value.Square()));
            },
            (_w * y).Sum(^1) + _b, _slope.Abs());
        Tensor h = a.Tanh();
        return (y - _u * h.Reshape(h.Shape + [1]), -LogDet(h));
    }

    private Tensor LogDet(Tensor h) => ((1 - h.Square()) * _slope).LogP1();
}
