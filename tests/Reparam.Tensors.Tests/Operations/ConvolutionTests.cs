namespace Reparam.Tensors.Tests.Operations;

/// <summary>Extents beyond the table's: many panels, blocks and units, against the definition in plain loops; and what
/// is refused.</summary>
public sealed class ConvolutionTests
{
    // batch, channels, height, width, features, kernel, stride, padding, dilation, groups
    public static TheoryData<int, int, int, int, int, int, int, int, int, int> Extents => new()
    {
        { 3, 40, 9, 9, 13, 4, 2, 1, 1, 1 }, // two blocks of the inner dimension, odd images of few positions
        { 40, 1, 28, 28, 32, 4, 2, 1, 1, 1 }, // many units of whole images
        { 1, 3, 61, 70, 5, 3, 1, 1, 1, 1 }, // bands of one image
        { 2, 2, 9, 530, 3, 3, 1, 1, 1, 1 }, // a row longer than a unit
        { 2, 2, 30, 1200, 3, 5, 3, 2, 2, 1 },
        { 600, 7, 4, 4, 9, 4, 1, 0, 1, 1 }, // one position an image, more images than a unit holds
        { 2, 96, 5, 5, 100, 3, 1, 1, 1, 1 }, // several parts of the weight's columns, more rows than a group
        { 2, 12, 11, 11, 18, 3, 2, 1, 1, 6 },
        { 2, 33, 8, 8, 33, 3, 1, 1, 1, 33 },
        { 1, 2, 40, 40, 2, 7, 5, 3, 1, 1 },
        { 2, 10, 17, 19, 9, 5, 3, 2, 1, 1 }, // the image from too many channels to spread, residues of unequal extents
        { 1, 9, 13, 12, 10, 3, 2, 1, 2, 1 }, // pixels that no tap reaches
        { 5, 16, 14, 14, 33, 4, 2, 1, 1, 1 }, // pairs of residues
        { 2, 2, 41, 41, 3, 3, 10, 1, 1, 1 },
    };

    [Theory]
    [MemberData(nameof(Extents))]
    public void Convolutions_follow_the_definition(int batch, int channels, int height, int width, int features,
        int kernel, int stride, int padding, int dilation, int groups)
    {
        var rng = new Rng(5);
        Tensor image = rng.Split("image").Normal([batch, channels, height, width], DType.Float64);
        Tensor weight = rng.Split("weight").Normal([features, channels / groups, kernel, kernel], DType.Float64);
        Tensor y = Tensor.Conv2d(image, weight, null, stride, padding, dilation, groups);
        Tensor g = rng.Split("g").Normal(y.Shape, DType.Float64);
        double[] a = image.ToArray<double>(), w = weight.ToArray<double>(), b = g.ToArray<double>();
        double[] expected = new double[y.Size], byImage = new double[a.Length], byWeight = new double[w.Length];
        int rows = y.Shape[2], columns = y.Shape[3], perGroup = channels / groups;
        for (int n = 0; n < batch * features; n++)
        {
            (int i, int f) = Math.DivRem(n, features);
            for (int c = 0; c < perGroup; c++)
            {
                int plane = (i * channels + f / (features / groups) * perGroup + c) * height;
                for (int tap = 0; tap < kernel * kernel; tap++)
                {
                    int at = (f * perGroup + c) * kernel * kernel + tap;
                    for (int p = 0; p < rows * columns; p++)
                    {
                        int u = p / columns * stride + tap / kernel * dilation - padding,
                            v = p % columns * stride + tap % kernel * dilation - padding;
                        if (u < 0 || v < 0 || u >= height || v >= width) continue;
                        int from = (plane + u) * width + v, to = n * rows * columns + p;
                        expected[to] += a[from] * w[at];
                        byImage[from] += b[to] * w[at];
                        byWeight[at] += b[to] * a[from];
                    }
                }
            }
        }

        // Sums of up to 36000 terms in another order.
        Testing.Close.Require(expected, y.ToArray<double>(), 1e-10, "features");
        using (var tape = new GradientTape())
        {
            Gradients gradients = tape.Gradients(
                (Tensor.Conv2d(image, weight, null, stride, padding, dilation, groups) * g).Sum(), [image, weight]);
            Testing.Close.Require(byImage, gradients[0].ToArray<double>(), 1e-10, "by image");
            Testing.Close.Require(byWeight, gradients[1].ToArray<double>(), 1e-10, "by weight");
        }

        // Float32 has the same sums from rounded inputs: what differs is rounding, which grows with the square root of
        // the terms.
        Tensor image32 = image.To(DType.Float32), weight32 = weight.To(DType.Float32), g32 = g.To(DType.Float32);
        using (var tape = new GradientTape())
        {
            Tensor y32 = Tensor.Conv2d(image32, weight32, null, stride, padding, dilation, groups);
            Gradients gradients = tape.Gradients((y32 * g32).Sum(), [image32, weight32]);
            Assert.InRange(Testing.Close.Error(expected, Testing.Close.Doubles(y32)), 0, 2e-6);
            Assert.InRange(Testing.Close.Error(byImage, Testing.Close.Doubles(gradients[0])), 0, 2e-6);
            Assert.InRange(Testing.Close.Error(byWeight, Testing.Close.Doubles(gradients[1])), 0, 2e-6);
        }
    }

    [Fact]
    public void A_transposed_convolution_is_the_gradient_of_a_convolution_to_the_bit()
    {
        var rng = new Rng(6);
        Tensor image = rng.Split(1).Normal([3, 5, 12, 13]), weight = rng.Split(2).Normal([7, 5, 3, 4]);
        using var tape = new GradientTape();
        Tensor y = Tensor.Conv2d(image, weight, null, 2, 1);
        Tensor g = rng.Split(3).Normal(y.Shape);
        Tensor gradient = tape.Gradients((y * g).Sum(), [image])[0];
        Tensor transposed = Tensor.ConvTranspose2d(g, weight, null, 2, 1, (1, 1));
        Assert.Equal(image.Shape, transposed.Shape);
        Assert.Equal(gradient.ToArray<float>(), transposed.ToArray<float>());
    }

    [Fact]
    public void A_batch_of_nothing_gives_nothing_and_zero_gradients()
    {
        using var tape = new GradientTape();
        Tensor x = Tensor.Zeros([0, 2, 5, 5]), weight = Tensor.Ones([3, 2, 3, 3]), bias = Tensor.Ones([3]);
        Tensor y = Tensor.Conv2d(x, weight, bias);
        Tensor z = Tensor.ConvTranspose2d(y, weight);
        Assert.Equal([0, 3, 3, 3], y.Shape);
        Assert.Equal([0, 2, 5, 5], z.Shape);
        Gradients gradients = tape.Gradients(y.Sum() + z.Sum(), [x, weight, bias]);
        Assert.Equal([0, 2, 5, 5], gradients[0].Shape);
        Assert.All(gradients[1].ToArray<float>(), v => Assert.Equal(0, v));
        Assert.All(gradients[2].ToArray<float>(), v => Assert.Equal(0, v));
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Tensor x = Tensor.Zeros([2, 4, 5, 6]), weight = Tensor.Zeros([6, 4, 3, 3]);
        Refused("weight is for 4 channels but x has 3", () => Tensor.Conv2d(Tensor.Zeros([2, 3, 5, 6]), weight));
        Refused("x [4, 5, 6]", () => Tensor.Conv2d(Tensor.Zeros([4, 5, 6]), weight));
        Refused("6 output channels cannot be divided into 4 groups",
            () => Tensor.Conv2d(x, Tensor.Zeros([6, 1, 3, 3]), groups: 4));
        Refused("bias must have shape [6]", () => Tensor.Conv2d(x, weight, Tensor.Zeros([4])));
        Refused("covers 7 pixels but the padded image has only 5", () => Tensor.Conv2d(x, weight, dilation: (3, 1)));
        Refused("stride and dilation must be at least 1", () => Tensor.Conv2d(x, weight, stride: 0));
        Refused("padding cannot be negative", () => Tensor.Conv2d(x, weight, padding: (0, -1)));
        Refused("groups must be at least 1", () => Tensor.Conv2d(x, weight, groups: 0));
        Refused("only the batch may have extent 0", () => Tensor.Conv2d(Tensor.Zeros([2, 4, 0, 6]), weight));
        Refused("extent of 4294967299", () => Tensor.Conv2d(x, weight, padding: int.MaxValue));
        Refused("the weight is for 6 channels but x has 4", () => Tensor.ConvTranspose2d(x, weight));
        Tensor transposed = Tensor.Zeros([4, 6, 3, 3]);
        Refused("output padding must be less", () => Tensor.ConvTranspose2d(x, transposed, outputPadding: 1));
        Refused("padding removes all", () => Tensor.ConvTranspose2d(x, transposed, padding: 4));
        Refused("bias must have shape [6]", () => Tensor.ConvTranspose2d(x, transposed, Tensor.Zeros([4])));
        Refused("more than 16777216", () => Tensor.ConvTranspose2d(x, transposed, stride: int.MaxValue));
        Refused("holds at most 2147483647", () => Tensor.ConvTranspose2d(x, transposed, stride: 100_000));
        Refused("bytes with their padding",
            () => Tensor.Conv2d(Tensor.Zeros([1, 64, 1, 1]), Tensor.Zeros([1, 64, 1, 1]), stride: 3999, padding: 2000));
        Refused("Float64", () => Tensor.Conv2d(x, weight.To(DType.Float64)));
    }

    private static void Refused(string why, Func<Tensor> call) =>
        Assert.Contains(why, Assert.ThrowsAny<ArgumentException>(call).Message, StringComparison.Ordinal);
}
