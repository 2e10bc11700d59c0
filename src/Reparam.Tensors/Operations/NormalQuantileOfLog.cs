using Reparam.Tensors.Backends;
using Reparam.Tensors.Special;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// The z with log Phi(z) = l elementwise, for l of 0 or less (<see cref="SpecialFunctions.NormalQuantileOfLog"/>):
    /// the normal quantile also of probabilities that underflow. dz/dl = Phi(z) / phi(z).
    /// </summary>
    public Tensor NormalQuantileOfLog()
    {
        Tensor y = Apply(SpecialKernel.NormalQuantileOfLog, this);
        return y.Recorded(this, g => g / Apply(SpecialKernel.InverseMillsRatio, y));
    }
}
