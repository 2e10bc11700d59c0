using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// The transpose of <see cref="Conv2d"/>. Each pixel of x [B, C, H, W], times weight [C, out / groups, kh, kw], is
    /// added to a window of the result: y[b, o, i stride + u dilation - padding, j stride + v dilation - padding] +=
    /// x[b, c, i, j] weight[c, o, u, v]. Then the bias [out] is added. y is [B, out, H', W'] with H' = (H - 1) stride -
    /// 2 padding + dilation (kh - 1) + outputPadding + 1; W' follows in the same way from W and kw. With the parameters
    /// of a convolution, y has the extents of the input of that convolution. Gradients: dx is the convolution of g with
    /// the weight, dweight is the correlation of g with x, dbias is the sum of g over batch and pixels. Layouts and
    /// defaults are the same as in PyTorch.
    /// </summary>
    /// <param name="x">Images, [B, C, H, W].</param>
    /// <param name="weight">Kernels, [C, out / groups, kh, kw].</param>
    /// <param name="bias">Added to each output channel, [out]; null for none.</param>
    /// <param name="stride">Pixels of the result from one pixel of x to the next; 1 by default.</param>
    /// <param name="padding">Rows and columns removed from each side of the result; 0 by default.</param>
    /// <param name="outputPadding">Rows and columns added at the bottom and the right, less than the stride or the
    /// dilation; 0 by default. It selects one of the input extents for which the convolution gives the same output
    /// extent.</param>
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
