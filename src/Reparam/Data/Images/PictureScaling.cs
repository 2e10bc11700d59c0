namespace Reparam.Data;

/// <summary>
/// Scales pictures to one size. The arithmetic is exact in whole numbers and rounded once, so a picture has the same
/// pixels on every machine. Levels are averaged as they are stored (gamma is not undone), as most programs do.
/// </summary>
internal static class PictureScaling
{
    /// <summary>Scales a picture, on a white ground, to channels × height × width bytes.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="channels">1 (grey) or 3.</param>
    /// <param name="height">The wanted number of rows.</param>
    /// <param name="width">The wanted number of pixels in a row.</param>
    /// <param name="crop">What happens if the ratio of the sides differs.</param>
    /// <param name="target">Receives the levels, one channel after the other.</param>
    internal static void Scale(
        Picture picture, int channels, int height, int width, PictureCrop crop, Span<byte> target)
    {
        (int left, int top, int wide, int high) = crop == PictureCrop.None
            ? (0, 0, picture.Width, picture.Height) : Middle(picture, height, width);
        PictureAxis across = new(wide, width), down = new(high, height);
        long total = across.Total * down.Total;
        byte[] row = new byte[picture.Width * channels];
        long[] sums = new long[wide * channels];
        for (int y = 0; y < height; y++)
        {
            Array.Clear(sums);
            ReadOnlySpan<long> weights = down.Weights(y);
            for (int i = 0; i < weights.Length; i++)
            {
                picture.CopyRow(top + down.First(y) + i, channels, row);
                Add(row.AsSpan(left * channels, sums.Length), weights[i], sums);
            }

            for (int x = 0; x < width; x++)
            {
                ReadOnlySpan<long> along = across.Weights(x);
                for (int c = 0; c < channels; c++)
                {
                    long sum = total / 2;
                    int at = across.First(x) * channels + c;
                    for (int i = 0; i < along.Length; i++) sum += along[i] * sums[at + i * channels];
                    target[(c * height + y) * width + x] = (byte)(sum / total);
                }
            }
        }
    }

    /// <summary>The largest part with the ratio width : height in the middle of a picture.</summary>
    private static (int Left, int Top, int Wide, int High) Middle(Picture picture, long height, long width)
    {
        long wide = picture.Width, high = picture.Height;
        if (wide * height > high * width) wide = Math.Max(1, (2 * high * width + height) / (2 * height));
        else high = Math.Max(1, (2 * wide * height + width) / (2 * width));
        return ((int)(picture.Width - wide) / 2, (int)(picture.Height - high) / 2, (int)wide, (int)high);
    }

    private static void Add(ReadOnlySpan<byte> row, long weight, Span<long> sums)
    {
        for (int i = 0; i < sums.Length; i++) sums[i] += weight * row[i];
    }
}
