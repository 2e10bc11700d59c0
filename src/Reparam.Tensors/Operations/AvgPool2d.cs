using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// The mean of each window of the images x [B, C, H, W]. A window has <paramref name="kernel"/> pixels, and there
    /// is one every <paramref name="stride"/> pixels (the kernel by default). The images have a border of
    /// <paramref name="padding"/> zeros, which count in the mean. The result has floor((H + 2 padding - kernel) /
    /// stride) + 1 rows; the number of columns follows in the same way from W. The gradient of each mean is spread
    /// evenly over its window.
    /// </summary>
    /// <exception cref="ArgumentException">x is not a batch of images, a window does not fit, or the padding exceeds
    /// half a window.</exception>
    public static Tensor AvgPool2d(Tensor x, Extent2d kernel, Extent2d? stride = null, Extent2d padding = default)
    {
        PoolPlan plan = PoolOf(x, kernel, stride ?? kernel, padding) with
        {
            Scale = 1.0 / ((double)kernel.Height * kernel.Width),
        };
        return Pooled(PoolKernel.Sum, x, null, PooledShape(x, plan), plan).Recorded(
            x, g => Pooled(PoolKernel.SumGradient, g, null, x.Shape, plan));
    }

    private static PoolPlan PoolOf(Tensor x, Extent2d kernel, Extent2d stride, Extent2d padding)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Rank != 4) throw new ArgumentException($"A pool needs images x [B, C, H, W]; got {x.Shape}.", nameof(x));
        if (kernel.Height < 1 || kernel.Width < 1 || stride.Height < 1 || stride.Width < 1)
        {
            throw new ArgumentException(
                $"The kernel and the stride of a pool must be at least 1; got {kernel} and {stride}.");
        }

        // A window that contains only padding would have no maximum.
        if (padding.Height < 0 || padding.Width < 0 || padding.Height > kernel.Height / 2
            || padding.Width > kernel.Width / 2)
        {
            throw new ArgumentException($"The padding of a pool must be from 0 to half its kernel; got {padding} " +
                $"for kernel {kernel}.", nameof(padding));
        }

        long height = (long)x.Shape[2] + 2 * padding.Height - kernel.Height,
            width = (long)x.Shape[3] + 2 * padding.Width - kernel.Width;
        if (height < 0 || width < 0)
        {
            throw new ArgumentException($"A window of {kernel.Height} x {kernel.Width} does not fit into {x.Shape} " +
                $"with a padding of {padding.Height} x {padding.Width}.", nameof(kernel));
        }

        return new PoolPlan(
            checked(x.Shape[0] * x.Shape[1]), x.Shape[2], x.Shape[3], (int)(height / stride.Height) + 1,
            (int)(width / stride.Width) + 1,
            kernel.Height, kernel.Width, stride.Height, stride.Width, padding.Height, padding.Width, 1);
    }

    private static Shape PooledShape(Tensor x, in PoolPlan plan) =>
        [x.Shape[0], x.Shape[1], plan.OutHeight, plan.OutWidth];

    private static Tensor Pooled(PoolKernel kernel, Tensor source, Tensor? planes, Shape shape, in PoolPlan plan)
    {
        Tensor y = Uninitialized(shape, source.DType);
        Backend.Current.Pool(kernel, source.Buffer, planes?.Buffer, y.Buffer, plan);
        return y;
    }
}
