using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>x for x >= 0, <paramref name="slope"/> times x below 0, elementwise. d/dx = 1 for x >= 0, the slope
    /// below 0.</summary>
    public Tensor LeakyRelu(double slope = LeakySlope.Default)
    {
        Tensor y = Apply(UnaryKernel.LeakyRelu, this, slope);
        return y.Recorded(this, g => Apply(BinaryKernel.LeakyReluGradient, g, this, slope));
    }
}
