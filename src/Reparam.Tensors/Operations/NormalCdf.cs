using Reparam.Tensors.Backends;
using Reparam.Tensors.Special;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>The standard normal CDF elementwise (<see cref="SpecialFunctions.NormalCdf"/>). d/dx =
    /// phi(x).</summary>
    public Tensor NormalCdf()
    {
        Tensor y = Apply(SpecialKernel.NormalCdf, this);
        return y.Recorded(this, g => g * Apply(SpecialKernel.NormalDensity, this));
    }
}
