using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Networks;

/// <summary>y = x (M W)^T + b over the last axis, where M is a fixed matrix of zeros and ones, multiplied elementwise.
/// An entry 0 of M removes the connection. Parameters <c>weight</c> [out, in] and <c>bias</c> [out].</summary>
public sealed class MaskedLinear : Layer
{
    private readonly Parameter _weight;
    private readonly Parameter _bias;
    private readonly Tensor _mask;

    /// <summary>A layer with the connections in <paramref name="mask"/> [out, in].</summary>
    /// <param name="mask">1 where there is a connection.</param>
    /// <param name="initializer">How weights are drawn.</param>
    /// <param name="rng">Source of the draws.</param>
    /// <param name="gain">A factor of the initial weights and biases. With 0 all outputs are 0 at the start.</param>
    public MaskedLinear(Tensor mask, Initializer initializer, Rng rng, double gain = 1)
    {
        ArgumentNullException.ThrowIfNull(mask);
        ArgumentNullException.ThrowIfNull(initializer);
        _mask = mask.Keep();
        _weight = Own("weight", initializer.Weight(mask.Shape[0], mask.Shape[1], rng, mask.DType) * gain);
        _bias = Own("bias", initializer.Bias(mask.Shape[0], mask.Shape[1], rng, mask.DType) * gain);
    }

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) => Tensor.Linear(x, _weight.Value * _mask, _bias);
}
