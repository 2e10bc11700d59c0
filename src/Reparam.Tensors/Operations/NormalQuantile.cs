using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>The standard normal quantile elementwise (<see cref="PortableMath.NormalQuantile"/>): the z with Phi(z)
    /// = p. dz/dp = 1 / phi(z).</summary>
    public Tensor NormalQuantile()
    {
        Tensor y = Apply(SpecialKernel.NormalQuantile, this);
        return y.Recorded(this, g => g * Apply(SpecialKernel.NormalQuantileSlope, y));
    }
}
