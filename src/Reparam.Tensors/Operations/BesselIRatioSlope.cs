using Reparam.Tensors.Backends;
using Reparam.Tensors.Special;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// r' = dr/dx of r = I_(v + 1)(x) / I_v(x) (<see cref="SpecialFunctions.BesselIRatio"/>) elementwise, for elements
    /// x of at least 0: the variance of the cosine between a von Mises-Fisher variable and its mean direction. r' = 1 /
    /// (2 v + 2) at x = 0. d/dx = (2 v + 1) (r / x - r') / x - 2 r r', and 0 below x = 1e-5, where the terms cancel to
    /// a number of the order of x.
    /// </summary>
    /// <param name="order">The order v, at least 0; rounded to the element type.</param>
    public Tensor BesselIRatioSlope(double order)
    {
        Tensor v = Full(Shape, order, DType), y = Apply(SpecialKernel.BesselIRatioSlope, v, this);
        return y.Recorded(
            this,
            g =>
            {
                Tensor r = Apply(SpecialKernel.BesselIRatio, v, this), tiny = Less(this, 1e-5),
                    x = Where(tiny, Ones([], DType), this);
                return g * Where(tiny, Zeros([], DType), (r / x - y) / x * (2 * order + 1) - r * y * 2);
            });
    }
}
