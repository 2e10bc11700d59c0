using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Networks;

/// <summary>y = x W^T + b over the last axis. Parameters <c>weight</c> [out, in] and, for a layer with a bias,
/// <c>bias</c> [out], in PyTorch's layout.</summary>
public sealed class Linear : Layer
{
    private readonly Parameter _weight;
    private readonly Parameter? _bias;

    /// <summary>A layer with weights drawn by <paramref name="initializer"/>.</summary>
    public Linear(
        int inputs, int outputs, Initializer initializer, Rng rng, DType dtype = DType.Float32, bool bias = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        ArgumentNullException.ThrowIfNull(initializer);
        _weight = Own("weight", initializer.Weight(outputs, inputs, rng, dtype));
        _bias = bias ? Own("bias", initializer.Bias(outputs, inputs, rng, dtype)) : null;
    }

    /// <summary>The matrix W, [out, in].</summary>
    public Parameter Weight => _weight;

    /// <summary>The bias b, [out]; null for a layer without a bias.</summary>
    public Parameter? Bias => _bias;

    /// <summary>activation(x W^T + b). Where the activation has a fused form, one operation computes both. The numbers
    /// are the same either way.</summary>
    public Tensor Forward(Tensor x, Activation activation)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(activation);
        if (activation.Fused is not { } nonlinearity) return activation.Apply(Forward(x));
        using LayerName name = LayerName.Enter(Path);
        return Tensor.Linear(x, _weight, _bias?.Value, nonlinearity);
    }

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) => Tensor.Linear(x, _weight, _bias?.Value);
}
