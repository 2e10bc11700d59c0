using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// Enlarges the images x [B, C, H, W] by integer factors: every pixel becomes a rectangle of
    /// <paramref name="factor"/> pixels. The gradient of a pixel is the sum of g over its rectangle.
    /// </summary>
    /// <exception cref="ArgumentException">x is not a batch of images, or a factor is below 1.</exception>
    public static Tensor UpsampleNearest2d(Tensor x, Extent2d factor)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Rank != 4)
            throw new ArgumentException($"UpsampleNearest2d needs images x [B, C, H, W]; got {x.Shape}.", nameof(x));
        if (factor.Height < 1 || factor.Width < 1)
            throw new ArgumentException($"Factors of UpsampleNearest2d are at least 1, not {factor}.", nameof(factor));
        int height = Shape.SizeOf(x.Shape[2], factor.Height), width = Shape.SizeOf(x.Shape[3], factor.Width);
        Shape shape = [x.Shape[0], x.Shape[1], height, width];
        // Enlarging is the transpose of a sum over each rectangle.
        var plan = new PoolPlan(
            checked(x.Shape[0] * x.Shape[1]), shape[2], shape[3], x.Shape[2], x.Shape[3], factor.Height, factor.Width,
            factor.Height, factor.Width, 0, 0, 1);
        return Pooled(PoolKernel.SumGradient, x, null, shape, plan).Recorded(
            x, g => Pooled(PoolKernel.Sum, g, null, x.Shape, plan));
    }
}
