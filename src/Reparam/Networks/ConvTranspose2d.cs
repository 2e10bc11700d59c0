using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Networks;

/// <summary>
/// A transposed convolution. It enlarges images [B, C, H, W] to (H - 1) * stride - 2 padding + kernel + output padding
/// rows; columns likewise. Parameters <c>weight</c> [in, out, kernel height, kernel width] and <c>bias</c> [out], in
/// PyTorch's layout.
/// </summary>
/// <remarks>Initialisers get PyTorch's fan-in for this layer, out * kernel height * kernel width. An output pixel sums
/// about in * kernel height * kernel width / stride^2 terms.</remarks>
public sealed class ConvTranspose2d : Layer
{
    private readonly Parameter _weight;
    private readonly Parameter? _bias;
    private readonly Extent2d _stride, _padding, _outputPadding;

    /// <summary>A layer with weights drawn by <paramref name="initializer"/>.</summary>
    /// <param name="inputs">Channels of the input.</param>
    /// <param name="outputs">Channels of the output.</param>
    /// <param name="kernel">Height and width of the kernel: each input pixel contributes to an output window of this
    /// size.</param>
    /// <param name="initializer">How weights are drawn.</param>
    /// <param name="rng">Source of the draws.</param>
    /// <param name="stride">Output pixels between neighbouring input pixels; 1 by default.</param>
    /// <param name="padding">Pixels removed at each border of the output.</param>
    /// <param name="outputPadding">Rows added at the bottom and columns added at the right of the output.</param>
    /// <param name="bias">Whether each output channel has a bias.</param>
    /// <param name="dtype">Element type.</param>
    public ConvTranspose2d(
        int inputs, int outputs, Extent2d kernel, Initializer initializer, Rng rng, Extent2d? stride = null,
        Extent2d padding = default,
        Extent2d outputPadding = default, bool bias = true, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        ArgumentNullException.ThrowIfNull(initializer);
        int window = kernel.Height * kernel.Width;
        _stride = stride ?? 1;
        _padding = padding;
        _outputPadding = outputPadding;
        _weight = Own("weight", initializer.Weight(
            [inputs, outputs, kernel.Height, kernel.Width], outputs * window, inputs * window, rng, dtype));
        _bias = bias ? Own("bias", initializer.Bias(outputs, outputs * window, rng, dtype)) : null;
    }

    /// <summary>The kernels, [in, out, kernel height, kernel width].</summary>
    public Parameter Weight => _weight;

    /// <summary>The biases, [out]; null for a layer without biases.</summary>
    public Parameter? Bias => _bias;

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) =>
        Tensor.ConvTranspose2d(x, _weight.Value, _bias?.Value, _stride, _padding, _outputPadding);
}
