using Reparam.Tensors.Backends;
using Reparam.Tensors.Special;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>log I_v(x) elementwise, for elements x of at least 0 (<see cref="SpecialFunctions.LogBesselI"/>). d/dx
    /// = I_(v + 1)(x) / I_v(x) + v / x.</summary>
    /// <param name="order">The order v, at least 0; rounded to the element type.</param>
    public Tensor LogBesselI(double order)
    {
        Tensor v = Full(Shape, order, DType), y = Apply(SpecialKernel.LogBesselI, v, this);
        return y.Recorded(this, g => g * Apply(SpecialKernel.LogBesselISlope, v, this));
    }
}
