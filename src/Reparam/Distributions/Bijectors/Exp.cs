using Reparam.Tensors;

namespace Reparam.Distributions.Bijectors;

/// <summary>y = e^x, with image y > 0: log dy/dx = x.</summary>
public sealed class Exp : ElementwiseBijector
{
    /// <inheritdoc/>
    protected override Tensor Image(Tensor x) => x.Exp();

    /// <inheritdoc/>
    protected override Tensor Preimage(Tensor y) => y.Log();

    /// <inheritdoc/>
    protected override Tensor LogSlope(Tensor x) => x;
}
