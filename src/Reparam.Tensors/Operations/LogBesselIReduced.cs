using Reparam.Tensors.Backends;
using Reparam.Tensors.Special;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>log(Gamma(v + 1) (2 / x)^v I_v(x)) elementwise, for elements x of at least 0; 0 at x = 0
    /// (<see cref="SpecialFunctions.LogBesselIReduced"/>). d/dx = I_(v + 1)(x) / I_v(x).</summary>
    /// <param name="order">The order v, at least 0; rounded to the element type.</param>
    public Tensor LogBesselIReduced(double order)
    {
        Tensor v = Full(Shape, order, DType), y = Apply(SpecialKernel.LogBesselIReduced, v, this);
        return y.Recorded(this, g => g * Apply(SpecialKernel.BesselIRatio, v, this));
    }
}
