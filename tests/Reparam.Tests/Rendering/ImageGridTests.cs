using System.Buffers.Binary;
using System.IO.Compression;
using Reparam.Rendering;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Rendering;

public sealed class ImageGridTests
{
    [Fact]
    public void Three_channels_are_drawn_in_colour()
    {
        // One image of 1 x 2 pixels, red then green; channel after channel as tensors hold them.
        (int width, int height, byte colour, byte[] samples) = Draw(
            Tensor.From([1f, 0, 0, 1, 0, 0], [1, 3, 1, 2]), zoom: 1);
        Assert.Equal((4, 3, 2), (width, height, colour));
        byte[] border = [96, 96, 96];
        byte[] line = [.. border, .. border, .. border, .. border];
        Assert.Equal([.. line, .. border, 255, 0, 0, 0, 255, 0, .. border, .. line], samples);
    }

    [Fact]
    public void One_channel_is_drawn_like_an_image_without_channels()
    {
        Tensor images = new Rng(1).Uniform([3, 4, 5]);
        Assert.Equal(0, Draw(images, 2).Colour);
        Assert.Equal(Draw(images, 2).Samples, Draw(images.Reshape([3, 1, 4, 5]), 2).Samples);
    }

    [Fact]
    public void Pairs_of_coloured_images_lie_above_each_other()
    {
        Tensor first = Tensor.Zeros([2, 3, 2, 2]), second = Tensor.Ones([2, 3, 2, 2]);
        using var folder = new TemporaryFolder();
        ImageGrid.Pairs(first, second, columns: 2, zoom: 1).Save(folder.File("p.png"));
        (int width, int height, _, byte[] samples) = Read(File.ReadAllBytes(folder.File("p.png")));
        Assert.Equal((7, 7), (width, height));
        Assert.Equal(0, samples[(1 * 7 + 1) * 3]);
        Assert.Equal(255, samples[(4 * 7 + 1) * 3]);
    }

    [Fact]
    public void Maps_lie_to_the_right_of_their_images_on_one_scale()
    {
        // Two grey images of one pixel; the values are none, half and beyond the scale.
        Tensor images = Tensor.From([0.2f, 1f], [2, 1, 1]), values = Tensor.From([-3f, 9f], [2, 1, 1]);
        using var folder = new TemporaryFolder();
        ImageGrid.WithMaps(images, values, most: 4, columns: 1, zoom: 1).Save(folder.File("m.png"));
        (int width, int height, byte colour, byte[] samples) = Read(File.ReadAllBytes(folder.File("m.png")));
        Assert.Equal((5, 5, 2), (width, height, colour));
        Assert.Equal([51, 51, 51, 96, 96, 96, 68, 1, 84], samples[(5 * 3 + 3)..(5 * 3 + 12)]);
        Assert.Equal([255, 255, 255, 96, 96, 96, 253, 231, 37], samples[(15 * 3 + 3)..(15 * 3 + 12)]);
        Assert.Throws<ArgumentException>(() => ImageGrid.WithMaps(images, Tensor.Zeros([2, 1, 2]), 4));
        Assert.Throws<ArgumentException>(() => ImageGrid.WithMaps(Tensor.Zeros([2, 5]), Tensor.Zeros([2, 5]), 4));
    }

    // The colours k / 255 of matplotlib 3.6.3: cm.get_cmap("viridis", 256).
    [Theory]
    [InlineData(0, 68, 1, 84)]
    [InlineData(7, 70, 11, 94)]
    [InlineData(67, 57, 85, 140)]
    [InlineData(128, 33, 145, 140)]
    [InlineData(188, 86, 198, 103)]
    [InlineData(255, 253, 231, 37)]
    public void Viridis_is_that_of_matplotlib(int k, int red, int green, int blue)
    {
        (float r, float g, float b) = Viridis.Of(k / 255.0);
        Assert.Equal(red, 255 * r, 5f);
        Assert.Equal(green, 255 * g, 5f);
        Assert.Equal(blue, 255 * b, 5f);
    }

    [Theory]
    [InlineData(true, 28, 28)]
    [InlineData(true, 1, 28, 28)]
    [InlineData(true, 3, 64, 64)]
    [InlineData(true, 784)]
    [InlineData(false, 783)]
    [InlineData(false, 2, 28, 28)]
    [InlineData(false, 1, 3, 28, 28)]
    public void Images_have_two_axes_or_one_or_three_channels(bool expected, params int[] extents)
    {
        Assert.Equal(expected, ImageGrid.CanShow(Shape.Create(extents)));
        if (!expected) Assert.Throws<ArgumentException>(() => ImageGrid.Of(Tensor.Zeros([2, .. extents])));
    }

    private static (int Width, int Height, byte Colour, byte[] Samples) Draw(Tensor images, int zoom)
    {
        using var folder = new TemporaryFolder();
        ImageGrid.Of(images, zoom: zoom).Save(folder.File("g.png"));
        return Read(File.ReadAllBytes(folder.File("g.png")));
    }

    /// <summary>Enough of a PNG reader for images written by one chunk of data.</summary>
    private static (int Width, int Height, byte Colour, byte[] Samples) Read(byte[] png)
    {
        int width = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)),
            height = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20));
        byte colour = png[25];
        int bytes = colour == 2 ? 3 : 1, stride = width * bytes;
        int length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(33));
        using var zlib = new ZLibStream(new MemoryStream(png, 41, length), CompressionMode.Decompress);
        byte[] samples = new byte[stride * height];
        for (int row = 0; row < height; row++)
        {
            int filter = zlib.ReadByte();
            zlib.ReadExactly(samples, row * stride, stride);
            for (int i = 0; i < stride; i++)
            {
                int at = row * stride + i;
                int left = i >= bytes ? samples[at - bytes] : 0, up = row > 0 ? samples[at - stride]
                    : 0, corner = i >= bytes && row > 0 ? samples[at - stride - bytes] : 0;
                samples[at] += (byte)(filter switch
                {
                    0 => 0,
                    1 => left,
                    2 => up,
                    3 => (left + up) / 2,
                    _ => Paeth(left, up, corner),
                });
            }
        }

        return (width, height, colour, samples);
    }

    private static int Paeth(int left, int up, int corner)
    {
        int estimate = left + up - corner, a = Math.Abs(estimate - left), b = Math.Abs(estimate - up),
            c = Math.Abs(estimate - corner);
        return a <= b && a <= c ? left : b <= c ? up : corner;
    }
}
