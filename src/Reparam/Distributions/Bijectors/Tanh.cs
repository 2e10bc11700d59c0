using Reparam.Tensors;

namespace Reparam.Distributions.Bijectors;

/// <summary>y = tanh x, with image (-1, 1): log dy/dx = 2 (log 2 - x - softplus(-2x)).</summary>
public sealed class Tanh : ElementwiseBijector
{
    private static readonly double LogTwo = PortableMath.Log(2);

    /// <inheritdoc/>
    protected override Tensor Image(Tensor x) => x.Tanh();

    /// <summary>(log(1 + y) - log(1 - y)) / 2.</summary>
    protected override Tensor Preimage(Tensor y) => (y.LogP1() - (-y).LogP1()) * 0.5;

    /// <inheritdoc/>
    protected override Tensor LogSlope(Tensor x) => (LogTwo - x - (x * -2).SoftPlus()) * 2;
}
