using Reparam.Tensors.Backends;
using Reparam.Tensors.Special;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>r = I_(v + 1)(x) / I_v(x) elementwise, for elements x of at least 0
    /// (<see cref="SpecialFunctions.BesselIRatio"/>). d/dx = 1 - (2 v + 1) r / x - r^2.</summary>
    /// <param name="order">The order v, at least 0; rounded to the element type.</param>
    public Tensor BesselIRatio(double order)
    {
        Tensor v = Full(Shape, order, DType), y = Apply(SpecialKernel.BesselIRatio, v, this);
        return y.Recorded(this, g => g * Apply(SpecialKernel.BesselIRatioSlope, v, this));
    }
}
