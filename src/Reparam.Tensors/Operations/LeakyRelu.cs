using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>x for x >= 0, <paramref name="slope"/> x below. d/dx = 1 or the slope (1 at the kink).</summary>
    public Tensor LeakyRelu(double slope = LeakySlope.Default)
    {
        Tensor y = Apply(UnaryKernel.LeakyRelu, this, slope);
        return y.Recorded(this, g => Apply(BinaryKernel.LeakyReluGradient, g, this, slope));
    }
}
