using Reparam.Networks;
using Reparam.Networks.Denoising;
using Reparam.Networks.Initialization;
using Reparam.Serialization;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Networks;

/// <summary>The networks of diffusion models, compared with plain PyTorch (tests/data/make_pytorch_diffusion.py), and
/// their sizes.</summary>
public sealed class DenoisingNetworkTests
{
    private static readonly SafetensorsFile File = SafetensorsFile.Read(
        ReferenceTable.PathOf("pytorch_diffusion.safetensors"));

    private static readonly UNetOptions s_first = new()
    {
        Channels = [8, 16], Blocks = 2, AttentionFrom = 1, Groups = 4, Epsilon = 1e-6, PadsRightAndBottom = true,
    };

    private static readonly UNetOptions s_diffusers = new()
    {
        Channels = [8, 16], AttentionFrom = 0, HeadChannels = 8, Groups = 2, CosineFirst = true,
        EndsAtLongestWave = false,
    };

    [Theory]
    [InlineData("unet")]
    [InlineData("unet-ddpm")]
    [InlineData("unet-diffusers")]
    [InlineData("transformer")]
    [InlineData("mlp")]
    public void Output_and_gradients_agree_with_PyTorch(string name)
    {
        DenoisingNetwork network = Build(name, DType.Float64);
        foreach (Parameter p in network.Parameters) p.Assign(Load($"{name}/weights/{p.Name}"));
        // The file has no other weights than those of the network.
        Assert.Equal(network.Parameters.Count, File.Entries.Count(
            e => e.Name.StartsWith($"{name}/weights/", StringComparison.Ordinal)));
        Tensor? context = File.Contains($"{name}/context") ? Load($"{name}/context") : null;
        using var tape = new GradientTape();
        Tensor output = network.Forward(Load($"{name}/z"), Load($"{name}/level"), context);
        // The file holds roundings to Float32, which are 6e-8 of a number; sums of gradients cancel a little.
        Close.Require(Load($"{name}/output").Doubles(), output.Doubles(), 1e-6);
        Gradients gradients = tape.Gradients((output * Load($"{name}/probe")).Sum(), network.Parameters);
        foreach (Parameter p in network.Parameters)
        {
            double error = Close.Error(
                Load($"{name}/gradients/{p.Name}").Doubles(), gradients[p.Value].Doubles());
            Assert.True(error <= 2e-6, $"gradient by {p.Name}: {error}");
        }
    }

    [Theory]
    [InlineData("unet")]
    [InlineData("transformer")]
    [InlineData("mlp")]
    public void Output_starts_at_zero_and_reads_level_and_context(string name)
    {
        DenoisingNetwork network = Build(name, DType.Float64);
        Tensor z = Load($"{name}/z"), level = Load($"{name}/level"), context = Load($"{name}/context");
        Assert.All(network.Forward(z, level, context).Doubles(), v => Assert.Equal(0, v));
        foreach (Parameter p in network.Parameters) p.Assign(Load($"{name}/weights/{p.Name}"));
        double[] output = network.Forward(z, level, context).Doubles();
        Assert.NotEqual(output, network.Forward(z, level + 0.001, context).Doubles());
        Assert.NotEqual(output, network.Forward(z, level).Doubles());
        // Rows do not see each other, and a hidden context is a row of zeros.
        Tensor zeros = Tensor.Zeros(context.Shape, DType.Float64);
        Assert.Equal(network.Forward(z, level, zeros).Doubles(), network.Forward(z, level).Doubles());
        Tensor last = z.Slice(0, z.Shape[0] - 1, 1);
        Tensor alone = network.Forward(
            last, level.Slice(0, z.Shape[0] - 1, 1), context.Slice(0, z.Shape[0] - 1, 1));
        Close.Require(output.AsSpan(^alone.Size..), alone.Doubles(), 1e-12);
    }

    [Fact]
    public void Sizes_are_the_published_ones()
    {
        using var shapes = new ShapeScope(); // 36 million numbers are counted, not drawn
        static long Count(int channels, int side, UNetOptions options) =>
            new UNet(channels, side, side, options, 0, Initializer.PyTorch, new Rng(1)).ParameterCount;
        // 35,746,307 parameters of the CIFAR-10 network of Ho, Jain and Abbeel (2020). Its attention at 16 x 16, with 2
        // blocks on the way down, 3 on the way up and one in the middle, is 6 blocks of 256 channels. Each has 256
        // biases of keys, which cancel in the softmax, and which this library omits.
        var cifar = new UNetOptions { Channels = [128, 256, 256, 256], Blocks = 2, Groups = 32 };
        // The library's attention begins at a level and goes on below it; the published network has it at one level.
        long withMiddle = Count(3, 32, cifar);
        const long Block = 2 * 256 + 3 * (256 * 256 + 256) + 256 * 256;
        Assert.Equal(35_746_307, withMiddle + 5 * Block + 6 * 256);
        Assert.Equal(267_281, Count(1, 28, new UNetOptions()));
        var dit = new PatchTransformer(1, 28, 28, 4, 128, 6, 4, 0, Initializer.PyTorch, new Rng(1));
        // Counted by hand: 6 blocks of 296,832, the ends 35,088 + 2,176, the embedding 49,408; less 6 biases of keys.
        Assert.Equal(1_867_664 - 6 * 128, dit.ParameterCount);
    }

    [Theory]
    [InlineData(27, 27, "multiples of 4, not 27 x 27")]
    [InlineData(28, 20, null)]
    [InlineData(28, 18, "multiples of 4, not 28 x 18")]
    public void Images_must_divide_by_the_levels(int height, int width, string? problem)
    {
        UNet Make() => new(1, height, width, new UNetOptions(), 0, Initializer.PyTorch, new Rng(1));
        if (problem is not null)
        {
            Assert.Contains(problem, Assert.Throws<ArgumentException>(Make).Message, StringComparison.Ordinal);
            return;
        }

        Tensor z = new Rng(2).Normal([2, height, width]);
        Assert.Equal(z.Shape, Make().Forward(z, Tensor.Full([2], 0.5)).Shape);
    }

    private static DenoisingNetwork Build(string name, DType dtype)
    {
        Initializer initializer = Initializer.PyTorch;
        var rng = new Rng(1);
        return name switch
        {
            "unet" => new UNet(1, 8, 12, new UNetOptions { Channels = [8, 16, 16] }, 3, initializer, rng, dtype: dtype),
            "unet-ddpm" => new UNet(3, 8, 8, s_first, 0, initializer, rng, dtype: dtype),
            "unet-diffusers" => new UNet(2, 8, 8, s_diffusers, 0, initializer, rng, dtype: dtype),
            "transformer" => new PatchTransformer(2, 8, 12, 4, 16, 2, 2, 4, initializer, rng, dtype),
            _ => new DenoisingMlp(5, [7, 6], 2, Activation.Tanh, initializer, rng, dtype),
        };
    }

    private static Tensor Load(string name) =>
        Tensor.From(File[name].ToFloat32(), File[name].Shape).To(DType.Float64);
}
