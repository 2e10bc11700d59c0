using Reparam.Tensors.Backends;
using Reparam.Tensors.Special;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>The logarithm of the standard normal CDF elementwise (<see cref="SpecialFunctions.LogNormalCdf"/>).
    /// d/dx = phi(x) / Phi(x), which is finite also where Phi(x) underflows.</summary>
    public Tensor LogNormalCdf()
    {
        Tensor y = Apply(SpecialKernel.LogNormalCdf, this);
        return y.Recorded(this, g => g * Apply(SpecialKernel.InverseMillsRatio, this));
    }
}
