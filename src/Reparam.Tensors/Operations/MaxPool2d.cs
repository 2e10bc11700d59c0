using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// The largest element of each window of the images x [B, C, H, W], NaN where one is: windows of <paramref
    /// name="kernel"/> pixels every <paramref name="stride"/> pixels (the kernel by default), with
    /// <paramref name="padding"/> pixels around the image that never win. The result has floor((H + 2 padding - kernel)
    /// / stride) + 1 rows, columns alike. The gradient goes to the first of the largest elements in reading order.
    /// </summary>
    /// <exception cref="ArgumentException">x is no batch of images, a window does not fit, or the padding exceeds half
    /// a window.</exception>
    public static Tensor MaxPool2d(Tensor x, Extent2d kernel, Extent2d? stride = null, Extent2d padding = default)
    {
        PoolPlan plan = PoolOf(x, kernel, stride ?? kernel, padding);
        return Pooled(PoolKernel.Max, x, null, PooledShape(x, plan), plan).Recorded(
            x, g => Pooled(PoolKernel.MaxGradient, g, x, x.Shape, plan));
    }
}
