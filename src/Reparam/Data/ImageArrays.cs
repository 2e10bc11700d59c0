using System.Globalization;
using Reparam.Tensors;

namespace Reparam.Data;

/// <summary>
/// Recognises images with channels last, and pixels in a number format larger than a byte. Converts both to the form
/// that networks take.
/// </summary>
internal static class ImageArrays
{
    private const int SmallestImage = 8; // rows and columns
    private const int SmallestFlat = SmallestImage * SmallestImage; // elements of an image in one row
    private const int FewestLevels = 32; // distinct levels k / 255: fewer may come from another grid
    // Tolerance in levels: above the rounding of float32(k / 255) and below the distance to any other grid.
    private const double Grid = 1e-3;

    /// <summary>Whether an array contains images of shape [N, height, width, channels].</summary>
    internal static bool HasChannelsLast(Shape shape) =>
        shape.Rank == 4 && shape[3] is 1 or 3 or 4 && shape[1] is not (1 or 3 or 4) && shape[1] >= SmallestImage
            && shape[2] >= SmallestImage;

    /// <summary>Whether data of a shape are images: [height, width], or [channels, height, width] with 1, 3 or 4
    /// channels.</summary>
    internal static bool IsImage(Shape eventShape) =>
        (eventShape.Rank == 2 || (eventShape.Rank == 3 && eventShape[0] is 1 or 3 or 4))
            && eventShape[^2] >= SmallestImage && eventShape[^1] >= SmallestImage;

    /// <summary>Converts [N, height, width, channels] to [N, channels, height, width].</summary>
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

    /// <summary>Finds what the numbers of an array [N] + event mean.</summary>
    internal static PixelLevels LevelsOf(NumericArray array)
    {
        if (array.HoldsBytes || array.Shape.Rank < 2 || array.Shape.Size == 0) return PixelLevels.Stored;
        var numbers = new PixelNumbers();
        numbers.Add(array);
        return numbers.LevelsOf(array.Shape[1..]);
    }

    /// <summary>
    /// Converts the numbers by their meaning: to bytes if all of them are levels or digits, otherwise to real numbers
    /// in [0, 1].
    /// </summary>
    /// <exception cref="ArgumentException">Grey levels of 0 to 255 are expected, and a number lies outside this
    /// range.</exception>
    internal static NumericArray Turned(NumericArray array, PixelLevels levels)
    {
        if (levels == PixelLevels.Stored || array.HoldsBytes) return array;
        byte[] bytes = new byte[array.Shape.Size];
        if (TryToBytes(array, levels, bytes)) return NumericArray.FromBytes(array.Shape, bytes);
        if (levels != PixelLevels.Bytes) return array;
        float[] values = array.ToFloat32();
        Divide(values, array.Shape[1..].Size);
        return NumericArray.FromFloat32(array.Shape, values);
    }

    /// <summary>Converts numbers to bytes if all of them are levels or digits.</summary>
    /// <param name="array">The numbers of consecutive data points.</param>
    /// <param name="levels">What the numbers mean.</param>
    /// <param name="bytes">Receives the bytes.</param>
    /// <param name="first">The number of the first data point, for the message of an error.</param>
    /// <exception cref="ArgumentException">Grey levels of 0 to 255 are expected, and a number lies outside this
    /// range.</exception>
    internal static bool TryToBytes(NumericArray array, PixelLevels levels, Span<byte> bytes, int first = 0)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            double value = array[i], level = levels == PixelLevels.Unit ? 255 * value : value;
            if (levels == PixelLevels.Bytes && !(value is >= 0 and <= 255))
                throw Outside(value, i, first, array.Shape[1..].Size);
            double nearest = Math.Round(level);
            if (!(nearest is >= 0 and <= 255) || Math.Abs(level - nearest) > (levels == PixelLevels.Unit ? Grid : 0)
                || (levels == PixelLevels.Digits && nearest > 1))
            {
                return false;
            }

            bytes[i] = (byte)nearest;
        }

        return true;
    }

    /// <summary>Divides grey levels of 0 to 255 that are not whole numbers by 255, in place.</summary>
    /// <param name="values">The levels of consecutive data points.</param>
    /// <param name="size">The number of elements of a data point.</param>
    /// <param name="first">The number of the first data point, for the message of an error.</param>
    /// <exception cref="ArgumentException">A number lies outside 0 to 255.</exception>
    internal static void Divide(Span<float> values, int size, int first = 0)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!(values[i] is >= 0 and <= 255)) throw Outside(values[i], i, first, size);
            values[i] /= 255;
        }
    }

    private static ArgumentException Outside(double value, int index, int first, int size) =>
        new(string.Create(CultureInfo.InvariantCulture, $"Element {index % size} of data point " +
            $"{first + index / size} is {value}, and data.levels 'bytes' needs grey levels from 0 to 255; choose " +
            $"another data.levels."));

    /// <summary>What the numbers of data points, which are added block by block, may mean as pixels.</summary>
    internal sealed class PixelNumbers
    {
        private readonly bool[] _levels = new bool[256];
        private double _largest = double.NegativeInfinity;
        private bool _whole = true, _grid = true, _inside = true;

        /// <summary>Adds the numbers of some data points. The result is false if all other numbers no longer
        /// matter.</summary>
        internal bool Add(NumericArray array)
        {
            for (int i = 0; _inside && i < array.Shape.Size; i++)
            {
                double value = array[i];
                _inside = value is >= 0 and <= 255;
                if (!_inside) break;
                _largest = Math.Max(_largest, value);
                _whole &= value == Math.Truncate(value);
                if (!_grid) continue;
                double level = Math.Round(255 * value);
                _grid = value <= 1 && Math.Abs(255 * value - level) < Grid;
                if (_grid) _levels[(int)level] = true;
            }

            return _inside;
        }

        /// <summary>What the added numbers mean.</summary>
        internal PixelLevels LevelsOf(Shape eventShape)
        {
            if (!_inside) return PixelLevels.Stored;
            if (_whole && _largest <= 1) return PixelLevels.Digits;
            bool image = IsImage(eventShape), flat = eventShape.Rank == 1 && eventShape.Size >= SmallestFlat;
            if (_grid && (image || flat) && _levels.Count(l => l) >= FewestLevels) return PixelLevels.Unit;
            return (image && _largest > 127) || (flat && _whole && _largest >= 250) ? PixelLevels.Bytes
                : PixelLevels.Stored;
        }
    }
}
