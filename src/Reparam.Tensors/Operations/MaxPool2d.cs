using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// The largest element of each window of the images x [B, C, H, W]; NaN if the window contains a NaN. A window has
    /// <paramref name="kernel"/> pixels, and there is one every <paramref name="stride"/> pixels (the kernel by
    /// default). The images have a border of <paramref name="padding"/> pixels, which are never the largest. The result
    /// has floor((H + 2 padding - kernel) / stride) + 1 rows; the number of columns follows in the same way from W. The
    /// gradient goes to the first of the largest elements in reading order, or to the first NaN.
    /// </summary>
    /// <exception cref="ArgumentException">x is not a batch of images, a window does not fit, or the padding exceeds
    /// half a window.</exception>
    public static Tensor MaxPool2d(Tensor x, Extent2d kernel, Extent2d? stride = null, Extent2d padding = default)
    {
        PoolPlan plan = PoolOf(x, kernel, stride ?? kernel, padding);
        return Pooled(PoolKernel.Max, x, null, PooledShape(x, plan), plan).Recorded(
            x, g => Pooled(PoolKernel.MaxGradient, g, x, x.Shape, plan));
    }
}
