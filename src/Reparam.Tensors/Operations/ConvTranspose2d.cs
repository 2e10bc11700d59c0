using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// The transpose of <see cref="Conv2d"/>: each pixel of x [B, C, H, W] adds weight [C, out / groups, kh, kw] times
    /// its value to the kernel's window of the result, y[b, o, i stride + u dilation - padding, ...] += x[b, c, i, j]
    /// weight[c, o, u, v], and the bias [out] is added. y is [B, out, H', W'] with H' = (H - 1) stride - 2 padding +
    /// dilation (kh - 1) + outputPadding + 1, and W' alike: with the parameters of a convolution it leads back to the
    /// extents that the convolution started from. Gradients: by x the convolution of g with the weight, by the weight
    /// the correlation of g with x, by the bias the sum of g over batch and pixels. Layouts and defaults are PyTorch's.
    /// </summary>
    /// <param name="x">Images, [B, C, H, W].</param>
    /// <param name="weight">Kernels, [C, out / groups, kh, kw].</param>
    /// <param name="bias">Added to each output channel, [out]; null for none.</param>
    /// <param name="stride">Pixels of the result from one pixel of x to the next; 1 by default.</param>
    /// <param name="padding">Rows and columns cut off each side of the result; 0 by default.</param>
    /// <param name="outputPadding">Rows and columns added at the bottom and the right, less than the stride or the
    /// dilation; 0 by default. It chooses among the extents that the convolution maps to the same one.</param>
    /// <param name="dilation">Pixels from one weight of the kernel to the next; 1 by default.</param>
    /// <param name="groups">Number of groups that the channels are divided into.</param>
    /// <exception cref="ArgumentException">The shapes do not fit each other or the parameters, or the element types
    /// differ.</exception>
    public static Tensor ConvTranspose2d(
        Tensor x, Tensor weight, Tensor? bias = null, Extent2d? stride = null, Extent2d? padding = null,
        Extent2d? outputPadding = null,
        Extent2d? dilation = null, int groups = 1)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(weight);
        RequireSameType(x, weight);
        if (bias is not null) RequireSameType(x, bias);
        ConvolutionPlan plan = ConvolutionShapes.Transposed(
            x.Shape, weight.Shape, bias?.Shape, stride ?? 1, padding ?? 0, outputPadding ?? 0, dilation ?? 1, groups);
        Tensor y = Image(x, weight, bias, plan);
        Tensor[] sources = bias is null ? [x, weight] : [x, weight, bias];
        Func<Tensor, Tensor> byInput = g => Features(g, weight, null, plan);
        Func<Tensor, Tensor> byWeight = g => Weight(g, x, plan);
        return y.Recorded(sources, bias is null ? [byInput, byWeight] : [byInput, byWeight, SumOverPixels]);
    }
}
