using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>Inverse tangent elementwise, in [-pi/2, pi/2] (<see cref="PortableMath.Atan"/>). d/dx = 1 / (1 +
    /// x^2).</summary>
    public Tensor Atan()
    {
        Tensor y = Apply(SpecialKernel.Atan, this);
        return y.Recorded(this, g => g / (1 + Square()));
    }
}
