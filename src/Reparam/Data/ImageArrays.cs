using System.Globalization;
using Reparam.Tensors;

namespace Reparam.Data;

/// <summary>
/// Recognises images whose channels come last, and pixels in a format of larger numbers, and turns them into what
/// networks take.
/// </summary>
internal static class ImageArrays
{
    private const int SmallestImage = 8; // rows and columns
    private const int SmallestFlat = SmallestImage * SmallestImage; // elements of an image in one row
    private const int FewestLevels = 32; // of k / 255: fewer may be a grid of another kind
    // of a level, above the rounding of float32(k / 255) and below that of any other grid
    private const double Grid = 1e-3;

    /// <summary>Whether an array is [N, height, width, channels] of images.</summary>
    internal static bool HasChannelsLast(Shape shape) =>
        shape.Rank == 4 && shape[3] is 1 or 3 or 4 && shape[1] is not (1 or 3 or 4) && shape[1] >= SmallestImage
            && shape[2] >= SmallestImage;

    /// <summary>Whether data of a shape are images: [height, width], or such after 1, 3 or 4 channels.</summary>
    internal static bool IsImage(Shape eventShape) =>
        (eventShape.Rank == 2 || (eventShape.Rank == 3 && eventShape[0] is 1 or 3 or 4))
            && eventShape[^2] >= SmallestImage && eventShape[^1] >= SmallestImage;

    /// <summary>[N, height, width, channels] as [N, channels, height, width].</summary>
    internal static NumericArray ChannelsFirst(NumericArray array)
    {
        (int count, int height, int width, int channels) =
            (array.Shape[0], array.Shape[1], array.Shape[2], array.Shape[3]);
        int size = array.Kind.Size(), pixels = height * width;
        byte[] turned = new byte[array.Content.Length];
        ReadOnlySpan<byte> source = array.Content.Span;
        for (int i = 0; i < count; i++)
        {
            for (int p = 0; p < pixels; p++)
            {
                for (int c = 0; c < channels; c++)
                {
                    source.Slice(((i * pixels + p) * channels + c) * size, size).CopyTo(
                        turned.AsSpan(((i * channels + c) * pixels + p) * size));
                }
            }
        }

        return new NumericArray(array.Kind, [count, channels, height, width], turned);
    }

    /// <summary>What the numbers of an array [N] + event stand for.</summary>
    internal static PixelLevels LevelsOf(NumericArray array)
    {
        if (array.HoldsBytes || array.Shape.Rank < 2 || array.Shape.Size == 0) return PixelLevels.Stored;
        double largest = double.NegativeInfinity;
        bool whole = true, grid = true;
        bool[] levels = new bool[256];
        for (int i = 0; i < array.Shape.Size; i++)
        {
            double value = array[i];
            if (!(value is >= 0 and <= 255)) return PixelLevels.Stored;
            largest = Math.Max(largest, value);
            whole &= value == Math.Truncate(value);
            if (!grid) continue;
            double level = Math.Round(255 * value);
            grid = value <= 1 && Math.Abs(255 * value - level) < Grid;
            if (grid) levels[(int)level] = true;
        }

        if (whole && largest <= 1) return PixelLevels.Digits;
        Shape eventShape = array.Shape[1..];
        bool image = IsImage(eventShape), flat = eventShape.Rank == 1 && eventShape.Size >= SmallestFlat;
        if (grid && (image || flat) && levels.Count(l => l) >= FewestLevels) return PixelLevels.Unit;
        return (image && largest > 127) || (flat && whole && largest >= 250) ? PixelLevels.Bytes : PixelLevels.Stored;
    }

    /// <summary>
    /// The numbers as they are meant: bytes where all of them are levels or digits, reals in [0, 1] else.
    /// </summary>
    /// <exception cref="ArgumentException">Numbers that stand for 0 to 255 lie outside.</exception>
    internal static NumericArray Turned(NumericArray array, PixelLevels levels)
    {
        if (levels == PixelLevels.Stored || array.HoldsBytes) return array;
        byte[] bytes = new byte[array.Shape.Size];
        bool exact = true;
        for (int i = 0; i < bytes.Length; i++)
        {
            double value = array[i], level = levels == PixelLevels.Unit ? 255 * value : value;
            if (levels == PixelLevels.Bytes && !(value is >= 0 and <= 255))
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Element {i} is {value}, " +
                    $"and the numbers stand for grey levels of 0 to 255 (data.levels 'bytes')."));
            }

            double nearest = Math.Round(level);
            if (!(nearest is >= 0 and <= 255) || Math.Abs(level - nearest) > (levels == PixelLevels.Unit ? Grid : 0)
                || (levels == PixelLevels.Digits && nearest > 1))
            {
                exact = false;
                break;
            }

            bytes[i] = (byte)nearest;
        }

        if (exact) return NumericArray.FromBytes(array.Shape, bytes);
        if (levels != PixelLevels.Bytes) return array;
        float[] values = array.ToFloat32();
        for (int i = 0; i < values.Length; i++)
        {
            if (!(values[i] is >= 0 and <= 255))
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Element {i} is " +
                    $"{values[i]}, and the numbers stand for grey levels of 0 to 255 (data.levels 'bytes')."));
            }

            values[i] /= 255;
        }

        return NumericArray.FromFloat32(array.Shape, values);
    }
}
