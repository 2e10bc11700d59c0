using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>min(max(x, minimum), maximum) elementwise. d/dx = 1 within the bounds and at the bounds, 0
    /// outside.</summary>
    /// <exception cref="ArgumentException">The minimum exceeds the maximum.</exception>
    public Tensor Clamp(double minimum, double maximum)
    {
        if (!(minimum <= maximum))
            throw new ArgumentException($"Clamp needs minimum <= maximum; got {minimum} and {maximum}.");
        Tensor y = Apply(UnaryKernel.Clamp, this, minimum, maximum);
        return y.Recorded(this, g => Apply(BinaryKernel.ClampGradient, g, this, minimum, maximum));
    }
}
