using Reparam.Tensors;

namespace Reparam.Data;

/// <summary>Changes images at random for a training step.</summary>
internal static class ImageAugmentation
{
    private const int ShiftParts = 8; // of the width and the height

    /// <summary>Whether data of a shape can be changed: [height, width] or [channels, height, width].</summary>
    internal static bool Fits(Shape eventShape) => eventShape.Rank is 2 or 3;

    /// <summary>Changes one image in place. The change is a pure function of <paramref name="rng"/>.</summary>
    /// <param name="image">The elements, row-major.</param>
    /// <param name="scratch">Memory for a copy of the image.</param>
    /// <param name="eventShape">[height, width] or [channels, height, width].</param>
    /// <param name="augmentation">The kinds of changes.</param>
    /// <param name="rng">The random numbers of this image in this step.</param>
    internal static void Apply<T>(
        Span<T> image, Span<T> scratch, Shape eventShape, Augmentation augmentation, Rng rng)
    {
        int height = eventShape[^2], width = eventShape[^1];
        bool flip = augmentation is Augmentation.Flip or Augmentation.FlipAndShift && rng.NextInt32(2) == 1;
        (int right, int down) = augmentation is Augmentation.Shift or Augmentation.FlipAndShift
            ? (Offset(width, rng), Offset(height, rng)) : (0, 0);
        if (!flip && right == 0 && down == 0) return;
        image.CopyTo(scratch);
        for (int start = 0; start < image.Length; start += height * width)
        {
            for (int y = 0; y < height; y++)
            {
                int row = start + Math.Clamp(y - down, 0, height - 1) * width;
                for (int x = 0; x < width; x++)
                {
                    int column = Math.Clamp(x - right, 0, width - 1);
                    image[start + y * width + x] = scratch[row + (flip ? width - 1 - column : column)];
                }
            }
        }
    }

    private static int Offset(int extent, Rng rng)
    {
        int most = extent / ShiftParts;
        return rng.NextInt32(2 * most + 1) - most;
    }
}
