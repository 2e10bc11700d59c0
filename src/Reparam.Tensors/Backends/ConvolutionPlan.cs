namespace Reparam.Tensors.Backends;

/// <summary>Which of the three tensors of a convolution is computed from the other two.</summary>
internal enum ConvolutionKernel
{
    /// <summary>features[b,f,i,j] = sum over c, u, v of weight[f,c,u,v] image[b,c,i*stride+u*dilation-padding,...] (+
    /// bias[f]), zeros outside the image.</summary>
    Features,

    /// <summary>The transpose of <see cref="Features"/> with respect to the image: image[b,c,y,x] = the sum of weight *
    /// features over all (f,u,v,i,j) for which Features reads this pixel (+ bias[c]).</summary>
    Image,

    /// <summary>The transpose of <see cref="Features"/> with respect to the weight: weight[f,c,u,v] = the sum of
    /// features * image over all (b,i,j).</summary>
    Weight,
}

/// <summary>
/// Extents of a convolution from images [Batch, Channels, Image] to features [Batch, Features, Grid] with weights
/// [Features, Channels / Groups, Kernel]. A transposed convolution has the same plan, with image and features
/// exchanged.
/// </summary>
internal readonly record struct ConvolutionPlan(
    int Batch, int Channels, Extent2d Image, int Features, Extent2d Grid, Extent2d Kernel, Extent2d Stride,
    Extent2d Padding, Extent2d Dilation, int Groups)
{
    /// <summary>Number of elements of one kernel.</summary>
    public int Taps => Kernel.Height * Kernel.Width;

    public long ImageSize => (long)Batch * Channels * Image.Height * Image.Width;

    public long FeatureSize => (long)Batch * Features * Grid.Height * Grid.Width;

    public long WeightSize => (long)Features * (Channels / Groups) * Taps;
}
