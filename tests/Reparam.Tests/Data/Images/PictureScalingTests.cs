using Reparam.Data;

namespace Reparam.Tests.Data.Images;

public sealed class PictureScalingTests
{
    [Fact]
    public void Pictures_of_the_wanted_size_are_unchanged()
    {
        byte[] levels = [.. Enumerable.Range(0, 7 * 5).Select(i => (byte)(i * 7))];
        Assert.Equal(levels, Scale(new Picture(7, 5, 1, levels), 1, 5, 7));
    }

    [Fact]
    public void Channels_come_first() => Assert.Equal(
        [1, 4, 2, 5, 3, 6], Scale(new Picture(2, 1, 3, [1, 2, 3, 4, 5, 6]), 3, 1, 2));

    [Theory]
    [InlineData(12, 6)]
    [InlineData(13, 5)]
    [InlineData(31, 7)]
    [InlineData(9, 9)]
    [InlineData(5, 8)]
    [InlineData(1, 6)]
    public void Levels_are_exact_means_or_interpolations(int source, int target)
    {
        byte[] levels = [.. Enumerable.Range(0, source * source).Select(i => (byte)(i * i * 31 % 251))];
        byte[] scaled = Scale(new Picture(source, source, 1, levels), 1, target, target);
        for (int y = 0; y < target; y++)
        {
            for (int x = 0; x < target; x++)
            {
                decimal sum = 0;
                for (int i = 0; i < source; i++)
                {
                    for (int j = 0; j < source; j++)
                        sum += Weight(i, y, source, target) * Weight(j, x, source, target) * levels[i * source + j];
                }

                Assert.Equal((byte)decimal.Floor(sum + 0.5m + 1e-15m), scaled[y * target + x]);
            }
        }
    }

    [Fact]
    public void Constant_pictures_stay_constant()
    {
        foreach (int target in (int[])[1, 3, 64, 100])
        {
            byte[] constant = Enumerable.Repeat((byte)201, 50 * 33 * 3).ToArray();
            Assert.All(Scale(new Picture(50, 33, 3, constant), 3, target, target), level => Assert.Equal(201, level));
        }
    }

    [Fact]
    public void The_middle_is_used_or_all_of_it()
    {
        // Four columns: black, white, white, black.
        Picture wide = new(4, 2, 1, [0, 255, 255, 0, 0, 255, 255, 0]);
        Assert.Equal([255], Scale(wide, 1, 1, 1));
        Assert.Equal([128], Scale(wide, 1, 1, 1, PictureCrop.None));
        Picture high = new(1, 4, 1, [0, 255, 255, 0]);
        Assert.Equal([255, 255], Scale(high, 1, 2, 1));
    }

    [Fact]
    public void Transparent_pixels_are_white_and_colours_become_grey()
    {
        Assert.Equal([255, 10, 133], Scale(new Picture(3, 1, 2, [7, 0, 10, 255, 10, 127]), 1, 1, 3));
        Assert.Equal([255, 128, 128], Scale(new Picture(1, 1, 4, [255, 0, 0, 127]), 3, 1, 1));
        Assert.Equal([76, 150, 29, 255, 0],
            Scale(new Picture(5, 1, 3, [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0]), 1, 1, 5));
        Assert.Equal([9, 9, 9], Scale(new Picture(1, 1, 1, [9]), 3, 1, 1));
    }

    private static decimal Weight(int old, int now, int source, int target)
    {
        if (target <= source)
        {
            decimal ratio = (decimal)source / target, start = now * ratio;
            return Math.Max(0, Math.Min(old + 1, start + ratio) - Math.Max(old, start)) / ratio;
        }

        decimal centre = Math.Clamp((now + 0.5m) * source / target - 0.5m, 0, source - 1);
        return Math.Max(0, 1 - Math.Abs(centre - old));
    }

    private static byte[] Scale(
        Picture picture, int channels, int height, int width, PictureCrop crop = PictureCrop.Center)
    {
        byte[] target = new byte[channels * height * width];
        PictureScaling.Scale(picture, channels, height, width, crop, target);
        return target;
    }
}
