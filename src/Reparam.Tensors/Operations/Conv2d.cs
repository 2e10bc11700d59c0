using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// The convolution of images x [B, C, H, W] with weight [out, C / groups, kh, kw] and bias [out]. As usual in
    /// machine learning it is a cross-correlation: y[b, o, i, j] = bias[o] + sum over c, u, v of weight[o, c, u, v]
    /// x[b, c, i stride + u dilation - padding, j stride + v dilation - padding], with zeros outside the image. y is
    /// [B, out, H', W'] with H' = floor((H + 2 padding - dilation (kh - 1) - 1) / stride) + 1; W' follows in the same
    /// way from W and kw. Group k of the output channels reads group k of the input channels. Gradients: dx is the
    /// transposed convolution of g with the weight, dweight is the correlation of x with g, dbias is the sum of g over
    /// batch and pixels. Layouts and defaults are the same as in PyTorch.
    /// </summary>
    /// <param name="x">Images, [B, C, H, W].</param>
    /// <param name="weight">Kernels, [out, C / groups, kh, kw].</param>
    /// <param name="bias">Added to each output channel, [out]; null for none.</param>
    /// <param name="stride">Pixels from one position of the kernel to the next; 1 by default.</param>
    /// <param name="padding">Rows and columns of zeros on each side of the image; 0 by default.</param>
    /// <param name="dilation">Pixels from one weight of the kernel to the next; 1 by default.</param>
    /// <param name="groups">Number of groups that the channels are divided into.</param>
    /// <exception cref="ArgumentException">The shapes do not fit each other or the parameters, or the element types
    /// differ.</exception>
    public static Tensor Conv2d(
        Tensor x, Tensor weight, Tensor? bias = null, Extent2d? stride = null, Extent2d? padding = null,
        Extent2d? dilation = null, int groups = 1)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(weight);
        RequireSameType(x, weight);
        if (bias is not null) RequireSameType(x, bias);
        ConvolutionPlan plan = ConvolutionShapes.Forward(
            x.Shape, weight.Shape, bias?.Shape, stride ?? 1, padding ?? 0, dilation ?? 1, groups);
        Tensor y = Features(x, weight, bias, plan);
        Tensor[] sources = bias is null ? [x, weight] : [x, weight, bias];
        Func<Tensor, Tensor> byInput = g => Image(g, weight, null, plan);
        Func<Tensor, Tensor> byWeight = g => Weight(x, g, plan);
        return y.Recorded(sources, bias is null ? [byInput, byWeight] : [byInput, byWeight, SumOverPixels]);
    }

    /// <summary>The sum of [B, C, H, W] over all axes except the channels.</summary>
    private static Tensor SumOverPixels(Tensor g)
    {
        (int batch, int channels) = (g.Shape[0], g.Shape[1]);
        Tensor planes = Uninitialized([batch, channels], g.DType), sum = Uninitialized([channels], g.DType);
        Backend.Current.Reduce(ReduceKernel.Sum, g.Buffer, planes.Buffer, batch * channels, g.Shape[2..].Size, 1);
        Backend.Current.Reduce(ReduceKernel.Sum, planes.Buffer, sum.Buffer, 1, batch, channels);
        return sum;
    }

    private static Tensor Features(Tensor image, Tensor weight, Tensor? bias, in ConvolutionPlan plan)
    {
        Tensor features = Uninitialized([plan.Batch, plan.Features, plan.Grid.Height, plan.Grid.Width], image.DType);
        if (plan.Batch > 0)
        {
            Backend.Current.Convolution(
                ConvolutionKernel.Features, image.Buffer, weight.Buffer, features.Buffer, bias?.Buffer, plan);
        }

        return features;
    }

    private static Tensor Image(Tensor features, Tensor weight, Tensor? bias, in ConvolutionPlan plan)
    {
        Tensor image = Uninitialized([plan.Batch, plan.Channels, plan.Image.Height, plan.Image.Width], features.DType);
        if (plan.Batch > 0)
        {
            Backend.Current.Convolution(
                ConvolutionKernel.Image, image.Buffer, weight.Buffer, features.Buffer, bias?.Buffer, plan);
        }

        return image;
    }

    private static Tensor Weight(Tensor image, Tensor features, in ConvolutionPlan plan)
    {
        Shape shape = [plan.Features, plan.Channels / plan.Groups, plan.Kernel.Height, plan.Kernel.Width];
        if (plan.Batch == 0) return Zeros(shape, image.DType);
        Tensor weight = Uninitialized(shape, image.DType);
        Backend.Current.Convolution(ConvolutionKernel.Weight, image.Buffer, weight.Buffer, features.Buffer, null, plan);
        return weight;
    }
}
