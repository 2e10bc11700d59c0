using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Models.Bayesian;

/// <summary>y = x W^T + b over the last axis of x [..., B, in]. W [out, in] and b [out] have a posterior.</summary>
public sealed class BayesianLinear : BayesianLayer
{
    /// <summary>A layer. The means of the weights start as the weights of an ordinary linear layer.</summary>
    public BayesianLinear(
        int inputs, int outputs, Rng rng, double priorScale = 1, WeightNoise noise =
            WeightNoise.LocalReparameterization, Initializer? initializer = null, DType dtype = DType.Float32)
        : base(
            (initializer ?? Initializer.PyTorch).Weight(Positive(outputs), Positive(inputs), rng, dtype),
            (initializer ?? Initializer.PyTorch).Bias(outputs, inputs, rng, dtype),
            priorScale, noise)
    {
    }

    /// <inheritdoc/>
    protected override Tensor Map(Tensor x, Tensor weight, Tensor bias) => Tensor.Linear(x, weight, bias);

    /// <inheritdoc/>
    protected override Shape InputSigns(Tensor x) => x.Shape;

    /// <inheritdoc/>
    protected override Shape OutputSigns(Tensor y) => y.Shape;

    /// <inheritdoc/>
    protected override int DatumAxis(Tensor x) => Math.Max(0, x.Rank - 2);

    private static int Positive(int extent)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(extent);
        return extent;
    }
}
