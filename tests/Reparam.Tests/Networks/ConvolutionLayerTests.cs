using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Networks;

public sealed class ConvolutionLayerTests
{
    [Fact]
    public void PyTorch_start_is_uniform_by_the_fan_in_of_the_window()
    {
        var conv = new Conv2d(6, 40, (3, 5), Initializer.PyTorch, new Rng(1));
        RequireUniform(conv.Weight, [40, 6, 3, 5], 1 / Math.Sqrt(6 * 15));
        RequireUniform(conv.Bias!, [40], 1 / Math.Sqrt(6 * 15));
        // PyTorch takes the second axis of the weight, which here is the output's, for the inputs.
        var transposed = new ConvTranspose2d(6, 40, 4, Initializer.PyTorch, new Rng(1), stride: 2, padding: 1);
        RequireUniform(transposed.Weight, [6, 40, 4, 4], 1 / Math.Sqrt(40 * 16));
        RequireUniform(transposed.Bias!, [40], 1 / Math.Sqrt(40 * 16));
    }

    [Fact]
    public void Other_starts_count_the_window_too()
    {
        RequireUniform(
            new Conv2d(6, 40, 3, Initializer.Glorot, new Rng(1)).Weight, [40, 6, 3, 3], Math.Sqrt(6.0 / (46 * 9)));
        double[] he = new Conv2d(16, 64, 3, Initializer.He, new Rng(1)).Weight.Value.Doubles();
        // The variance of 9216 normals is known to 1.5 %; four standard errors.
        Assert.InRange(he.Sum(w => w * w) / he.Length, 2.0 / 144 * 0.94, 2.0 / 144 * 1.06);
    }

    [Fact]
    public void Layers_halve_and_double_and_keep_the_extents()
    {
        var rng = new Rng(2);
        Tensor x = Tensor.Zeros([2, 3, 8, 12]);
        Assert.Equal(
            [2, 5, 4, 6], new DownConvolutions(3, [5], Activation.Relu, Initializer.PyTorch, rng).Forward(x).Shape);
        Assert.Equal(
            [2, 7, 32, 48], new UpConvolutions(3, [5, 7], Activation.Relu, Initializer.PyTorch, rng).Forward(x).Shape);
        Assert.Equal([2, 4, 16, 24], new UpsampleConv2d(3, 4, Initializer.PyTorch, rng).Forward(x).Shape);
        Assert.Equal([2, 6, 8, 12], new ResidualBlock(3, 6, Initializer.PyTorch, rng).Forward(x).Shape);
        Assert.Equal([2, 3, 8, 12], new AttentionBlock(3, Initializer.PyTorch, rng).Forward(x).Shape);
        Assert.Equal([2, 3, 8, 12], new LayerNorm([8, 12]).Forward(x).Shape);
        Assert.Null(new Conv2d(3, 4, 3, Initializer.PyTorch, rng, bias: false).Bias);
        Assert.Throws<ArgumentException>(() => new GroupNorm(6, 4));
    }

    [Fact]
    public void Attention_moves_with_the_pixels()
    {
        // Without positions, exchanging pixels exchanges the results: here the image is turned upside down.
        var block = new AttentionBlock(5, Initializer.PyTorch, new Rng(3), DType.Float64);
        Tensor x = new Rng(4).Normal([1, 5, 2, 3], DType.Float64),
            turned = Tensor.Concat(2, x.Slice(2, 1, 1), x.Slice(2, 0, 1));
        Tensor y = block.Forward(x);
        Close.Require(
            Tensor.Concat(2, y.Slice(2, 1, 1), y.Slice(2, 0, 1)).Doubles(), block.Forward(turned).Doubles(), 1e-13);
        Assert.NotEqual(x.Doubles(), y.Doubles());
    }

    private static void RequireUniform(Parameter parameter, Shape shape, double bound)
    {
        Assert.Equal(shape, parameter.Shape);
        double largest = parameter.Value.Doubles().Max(Math.Abs);
        // The largest of n uniform draws falls short of the bound by a share of about 1/n; 40 draws come within a fifth
        // of it.
        Assert.InRange(largest, 0.8 * bound, bound);
    }
}
