using Reparam.Data;
using SkiaSharp;

namespace Reparam.Formats.Tests;

/// <summary>The same file decoded by Skia.</summary>
internal static class Oracle
{
    /// <summary>Fails unless the mean difference from Skia's pixels is at most a number of 255 levels.</summary>
    /// <param name="file">The file.</param>
    /// <param name="picture">The file as our decoder reads it, without a turn.</param>
    /// <param name="mean">The largest mean difference.</param>
    /// <param name="each">The largest difference of a sample.</param>
    public static void RequireAgreement(byte[] file, Picture picture, double mean, int each = 255)
    {
        byte[] expected = Rgba(file, out int width, out int height);
        Assert.Equal((width, height), (picture.Width, picture.Height));
        long sum = 0;
        int most = 0;
        for (int i = 0; i < width * height; i++)
        {
            ReadOnlySpan<byte> pixel = picture.Samples.Slice(i * picture.Channels, picture.Channels);
            bool colour = picture.Channels >= 3, alpha = picture.Channels is 2 or 4;
            for (int c = 0; c < 4; c++)
            {
                int actual = c == 3 ? alpha ? pixel[^1] : 255 : colour ? pixel[c] : pixel[0];
                // The colour of a transparent pixel is not kept.
                if (c < 3 && expected[4 * i + 3] == 0) continue;
                int difference = Math.Abs(actual - expected[4 * i + c]);
                (sum, most) = (sum + difference, Math.Max(most, difference));
            }
        }

        double average = (double)sum / (3 * width * height);
        Assert.True(average <= mean && most <= each, $"mean difference {average}, largest {most}");
    }

    private static byte[] Rgba(byte[] file, out int width, out int height)
    {
        using SKData data = SKData.CreateCopy(file);
        using SKCodec codec = SKCodec.Create(data) ?? throw new InvalidDataException("Skia does not know the file.");
        SKImageInfo info = new(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        using SKBitmap bitmap = new(info);
        Assert.Equal(SKCodecResult.Success, codec.GetPixels(info, bitmap.GetPixels()));
        (width, height) = (info.Width, info.Height);
        return bitmap.GetPixelSpan().ToArray();
    }
}
