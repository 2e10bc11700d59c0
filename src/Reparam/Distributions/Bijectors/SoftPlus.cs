using Reparam.Tensors;

namespace Reparam.Distributions.Bijectors;

/// <summary>y = log(1 + e^x), with image y > 0: log dy/dx = -softplus(-x).</summary>
public sealed class SoftPlus : ElementwiseBijector
{
    /// <inheritdoc/>
    protected override Tensor Image(Tensor x) => x.SoftPlus();

    /// <summary>y + log(1 - e^-y).</summary>
    protected override Tensor Preimage(Tensor y) => y + y.Log1mExp();

    /// <inheritdoc/>
    protected override Tensor LogSlope(Tensor x) => -(-x).SoftPlus();
}
