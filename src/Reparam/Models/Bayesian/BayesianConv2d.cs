using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Models.Bayesian;

/// <summary>A convolution of images [B, in, H, W]. The weights [out, in, kernel, kernel] and the biases [out] have a
/// posterior. With <see cref="WeightNoise.LocalReparameterization"/> each output is drawn independently. The outputs of
/// one image share weights, so this ignores their correlation (Molchanov, Ashukha and Vetrov 2017).</summary>
public sealed class BayesianConv2d : BayesianLayer
{
    private readonly Extent2d _stride, _padding;

    /// <summary>A convolution. The means of the weights start as the weights of an ordinary convolution.</summary>
    public BayesianConv2d(
        int inputs, int outputs, int kernel, Rng rng, Extent2d? stride = null, Extent2d padding = default,
        double priorScale = 1, WeightNoise noise = WeightNoise.LocalReparameterization,
        Initializer? initializer = null, DType dtype = DType.Float32)
        : base(
            (initializer ?? Initializer.PyTorch).Weight(
                [outputs, inputs, kernel, kernel], inputs * kernel * kernel, outputs * kernel * kernel, rng, dtype),
            (initializer ?? Initializer.PyTorch).Bias(outputs, inputs * kernel * kernel, rng, dtype),
            priorScale, noise) =>
        (_stride, _padding) = (stride ?? 1, padding);

    /// <inheritdoc/>
    protected override Tensor Map(Tensor x, Tensor weight, Tensor bias) =>
        Tensor.Conv2d(x, weight, bias, _stride, _padding);

    /// <inheritdoc/>
    protected override Shape InputSigns(Tensor x) => [x.Shape[0], x.Shape[1], 1, 1];

    /// <inheritdoc/>
    protected override Shape OutputSigns(Tensor y) => [y.Shape[0], y.Shape[1], 1, 1];

    /// <inheritdoc/>
    protected override int DatumAxis(Tensor x) => 0;
}
