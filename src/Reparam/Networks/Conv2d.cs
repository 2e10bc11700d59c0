using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Networks;

/// <summary>
/// A convolution (cross-correlation) of images [B, C, H, W]. Parameters <c>weight</c> [out, in, kernel height, kernel
/// width] and <c>bias</c> [out], in PyTorch's layout. The fan-in is in * kernel height * kernel width.
/// </summary>
public sealed class Conv2d : Layer
{
    private readonly Parameter _weight;
    private readonly Parameter? _bias;
    private readonly Extent2d _stride, _padding;

    /// <summary>A layer with weights drawn by <paramref name="initializer"/>.</summary>
    /// <param name="inputs">Channels of the input.</param>
    /// <param name="outputs">Channels of the output.</param>
    /// <param name="kernel">Height and width of the kernel in pixels.</param>
    /// <param name="initializer">How weights are drawn.</param>
    /// <param name="rng">Source of the draws.</param>
    /// <param name="stride">Pixels between windows; 1 by default.</param>
    /// <param name="padding">Zeros around the image.</param>
    /// <param name="bias">Whether each output channel has a bias.</param>
    /// <param name="dtype">Element type.</param>
    public Conv2d(
        int inputs, int outputs, Extent2d kernel, Initializer initializer, Rng rng, Extent2d? stride = null,
        Extent2d padding = default, bool bias = true,
        DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        ArgumentNullException.ThrowIfNull(initializer);
        int window = kernel.Height * kernel.Width;
        _stride = stride ?? 1;
        _padding = padding;
        _weight = Own("weight", initializer.Weight(
            [outputs, inputs, kernel.Height, kernel.Width], inputs * window, outputs * window, rng, dtype));
        _bias = bias ? Own("bias", initializer.Bias(outputs, inputs * window, rng, dtype)) : null;
    }

    /// <summary>The kernels, [out, in, kernel height, kernel width].</summary>
    public Parameter Weight => _weight;

    /// <summary>The biases, [out]; null for a layer without biases.</summary>
    public Parameter? Bias => _bias;

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) => Tensor.Conv2d(x, _weight.Value, _bias?.Value, _stride, _padding);
}
