using Reparam.Tensors;

namespace Reparam.Distributions.Bijectors;

/// <summary>y = 1 / (1 + e^-x), with image (0, 1): log dy/dx = -softplus(x) - softplus(-x).</summary>
public sealed class Sigmoid : ElementwiseBijector
{
    /// <inheritdoc/>
    protected override Tensor Image(Tensor x) => x.Sigmoid();

    /// <inheritdoc/>
    protected override Tensor Preimage(Tensor y) => y.Log() - (-y).LogP1();

    /// <inheritdoc/>
    protected override Tensor LogSlope(Tensor x) => -x.SoftPlus() - (-x).SoftPlus();
}
