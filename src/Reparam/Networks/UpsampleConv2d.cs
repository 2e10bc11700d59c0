using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Networks;

/// <summary>
/// Doubles images [B, C, H, W]. Every pixel becomes a square of four pixels. Then a 3x3 convolution smooths the image
/// and changes the number of channels. This treats all output pixels alike, so it makes no checkerboard patterns,
/// unlike a transposed convolution (Odena, Dumoulin and Olah 2016). The child <c>conv</c> has the parameters.
/// </summary>
public sealed class UpsampleConv2d : Layer
{
    private readonly Conv2d _conv;

    /// <summary>A layer from <paramref name="inputs"/> to <paramref name="outputs"/> channels.</summary>
    public UpsampleConv2d(int inputs, int outputs, Initializer initializer, Rng rng, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(rng);
        _conv = Child("conv", new Conv2d(inputs, outputs, 3, initializer, rng.Split("conv"), padding: 1, dtype: dtype));
    }

    /// <summary>The biases, one for each output channel.</summary>
    internal Parameter Bias => _conv.Bias!;

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) => _conv.Forward(Tensor.UpsampleNearest2d(x, 2));
}
