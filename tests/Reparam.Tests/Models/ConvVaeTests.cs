using Reparam.Data;
using Reparam.Distributions;
using Reparam.Models;
using Reparam.Networks;
using Reparam.Objectives;
using Reparam.Serialization;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Training;
using Reparam.Training.Optimizers;
using Reparam.Runs;

namespace Reparam.Tests.Models;

/// <summary>The convolutional and the residual VAE: what holds for both.</summary>
public sealed class ConvVaeTests
{
    public static TheoryData<string, string> KindsAndLikelihoods
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (string kind in (string[])["conv", "resnet"])
                foreach (Likelihood likelihood in Likelihood.All) cases.Add(kind, likelihood.Name);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(KindsAndLikelihoods))]
    public void Gradient_by_every_parameter_equals_the_central_difference(string kind, string likelihoodName)
    {
        Likelihood likelihood = Likelihood.All.Single(l => l.Name == likelihoodName);
        // ReLU has kinks that a step could cross; the smooth SiLU has none.
        Vae vae = kind == "conv"
            ? Vae.Conv([2, 4, 4], 2, [2, 3], likelihood, new Rng(6), hidden: [3], activation: Activation.Silu,
                options: new() { DType = DType.Float64 })
            : Vae.Residual(
                [2, 4, 2], 2, [3], likelihood, new Rng(6), attention: true, options: new() { DType = DType.Float64 });
        Shape shape = kind == "conv" ? [2, 2, 4, 4] : [2, 2, 4, 2];
        double[] levels = [.. Enumerable.Range(0, shape.Size).Select(i => i * 37 % 256 / 255.0)];
        Assert.Null(VaeTests.FirstDisagreement(vae, new Elbo(2), Tensor.From(levels, shape)));
    }

    [Theory]
    [InlineData("conv", 28, 28)]
    [InlineData("conv", 1, 28, 28)]
    [InlineData("conv", 3, 32, 32)]
    [InlineData("conv", 3, 64, 64)]
    [InlineData("conv", 28, 20)]
    [InlineData("resnet", 28, 28)]
    [InlineData("resnet", 3, 64, 64)]
    public void Three_steps_leave_finite_parameters_and_a_gradient_for_each(string kind, params int[] extents)
    {
        Shape eventShape = Shape.Create(extents);
        Vae vae = Make(kind, eventShape, Likelihood.GaussianSigmoid);
        var adam = new Adam(1e-3);
        OptimizerState state = adam.Start(vae.Parameters);
        Tensor x = new Rng(3).Uniform([2, .. eventShape]).Keep();
        for (int step = 0; step < 3; step++)
        {
            using var tape = new GradientTape();
            InferencePass pass = vae.Infer(x, new Rng(4).At(step), 2);
            Assert.Equal([2, 2], pass.LogLikelihood.Shape);
            Gradients gradients = tape.Gradients(new Elbo(2).Evaluate(pass, step).Loss, vae.Parameters);
            foreach (Parameter p in vae.Parameters)
            {
                Assert.True(gradients[p.Value].IsFinite() && gradients[p.Value].Doubles().Any(g => g != 0),
                    $"step {step}: {p.Name}");
            }

            adam.Step(state, gradients);
        }

        Assert.All(vae.Parameters, p => Assert.True(p.Value.IsFinite(), p.Name));
        Assert.Equal([5, .. eventShape], vae.Generate(5, new Rng(1)).Shape);
    }

    [Theory]
    [InlineData("conv")]
    [InlineData("resnet")]
    public void Decoder_takes_any_leading_axes_and_treats_each_latent_alike(string kind)
    {
        Vae vae = Make(kind, [3, 8, 8], Likelihood.GaussianSigmoid);
        Tensor z = new Rng(2).Normal([4, 3, 5]);
        Distribution all = vae.Decoder.Given(z);
        Assert.Equal([4, 3], all.BatchShape);
        Assert.Equal([3, 8, 8], all.EventShape);
        Assert.Equal([4, 3, 3, 8, 8], all.Mean.Shape);
        Assert.Equal([3, 8, 8], vae.Decoder.Given(z.Slice(0, 0, 1).Slice(1, 0, 1).Reshape([5])).Mean.Shape);
        // Different products may round differently; the same latent gives the same image to Float32's last digits.
        Close.Require(all.Mean.Slice(0, 2, 1).Doubles(),
            vae.Decoder.Given(z.Slice(0, 2, 1).Reshape([3, 5])).Mean.Doubles(), 1e-6);
    }

    [Theory]
    [InlineData("conv", "decoder.convolutions.1")]
    [InlineData("resnet", "decoder.last.conv")]
    public void First_half_of_the_output_channels_are_means_and_the_second_scales_of_the_same_pixels(
        string kind, string last)
    {
        Vae vae = Make(kind, [3, 8, 8], Likelihood.GaussianSigmoid);
        Parameter weight = vae.Parameters.Single(p => p.Name == last + ".weight"),
            bias = vae.Parameters.Single(p => p.Name == last + ".bias");
        weight.Assign(Tensor.Zeros(weight.Shape));
        bias.Assign(Tensor.From([0f, 1, 2, -3, -4, -5], [6]));
        Distribution x = vae.Decoder.Given(Tensor.Zeros([1, 5]));
        double[] mean = x.Mean.Doubles();
        for (int i = 0; i < mean.Length; i++) Assert.Equal(1 / (1 + Math.Exp(-(i / 64))), mean[i], 1e-6);
        // At the mean the log-density is -(log variance + log 2 pi) / 2 summed over 64 pixels of each channel; softplus
        // from -12 adds up to 1e-3.
        double expected = new double[] { -3, -4, -5 }.Sum(
            v => -0.5 * 64 * (-12 + Math.Log(1 + Math.Exp(v + 12)) + Math.Log(2 * Math.PI)));
        Assert.Equal(expected, x.LogProb(x.Mean).Item(), 1e-2);
    }

    [Fact]
    public void Parameters_have_the_names_and_shapes_of_the_file_format()
    {
        Assert.Equal(
            [
                "encoder.convolutions.0.weight [4, 3, 4, 4]", "encoder.convolutions.0.bias [4]",
                "encoder.convolutions.1.weight [6, 4, 4, 4]", "encoder.convolutions.1.bias [6]",
                "encoder.hidden.0.weight [7, 24]", "encoder.hidden.0.bias [7]", "encoder.head.weight [10, 7]",
                "encoder.head.bias [10]",
                "decoder.hidden.0.weight [7, 5]", "decoder.hidden.0.bias [7]", "decoder.expand.weight [24, 7]",
                "decoder.expand.bias [24]",
                "decoder.convolutions.0.weight [6, 4, 4, 4]", "decoder.convolutions.0.bias [4]",
                "decoder.convolutions.1.weight [4, 3, 4, 4]", "decoder.convolutions.1.bias [3]",
            ],
            Vae.Conv([3, 8, 8], 5, [4, 6], Likelihood.Bernoulli, new Rng(1), [7]).Parameters.Select(
                p => $"{p.Name} {p.Shape}"));
        string[] residual = [.. Vae.Residual([8, 8], 5, [4, 8], Likelihood.GaussianLearned, new Rng(1), blocks: 2,
            attention: true).Parameters.Select(p => p.Name)];
        Assert.Equal(residual.Length, residual.Distinct().Count());
        foreach (string name in (
            string[])["encoder.down1.weight", "encoder.level0_block1.conv2.bias", "encoder.attention.key.weight",
            "encoder.norm.weight", "decoder.log_variance", "decoder.up0.conv.weight", "decoder.last.conv.bias"])
            Assert.Contains(name, residual);
    }

    [Theory]
    [InlineData("conv")]
    [InlineData("resnet")]
    public void Saved_weights_give_the_same_numbers_in_another_model(string kind)
    {
        Vae vae = Make(kind, [8, 8], Likelihood.Bernoulli), other = Make(kind, [8, 8], Likelihood.Bernoulli, seed: 9);
        Tensor z = new Rng(2).Normal([3, 5]);
        double[] expected = vae.Decode(z).Doubles();
        Assert.NotEqual(expected, other.Decode(z).Doubles());
        using var stream = new MemoryStream();
        WeightsFile.From(vae.Parameters).Write(stream);
        stream.Position = 0;
        WeightsFile.CopyTo(SafetensorsFile.Read(stream, "memory"), other.Parameters, "memory");
        Assert.Equal(expected, other.Decode(z).Doubles());
    }

    [Theory]
    [InlineData("conv")]
    [InlineData("resnet")]
    public void Run_that_is_stopped_and_resumed_ends_in_the_same_bits(string kind)
    {
        using var folder = new TemporaryFolder();
        Dataset data = Images(24);
        var options = new TrainerOptions { Epochs = 3, BatchSize = 10 };
        Vae whole = Make(kind, [8, 8], Likelihood.Bernoulli), half = Make(kind, [8, 8], Likelihood.Bernoulli),
            resumed = Make(kind, [8, 8], Likelihood.Bernoulli, seed: 9);
        new Trainer(new Adam(1e-3), options).Fit(whole, new Elbo(), data, new Rng(7));
        TrainingReport first = new Trainer(new Adam(1e-3), options with { Epochs = 2 }).Fit(
            half, new Elbo(), data, new Rng(7));
        var checkpoints = new CheckpointFolder(folder.Path);
        TrainingCheckpoint.Save(checkpoints, first.State, best: false, keep: 0);
        var state = new TrainingState(resumed, new Adam(1e-3));
        TrainingCheckpoint.Restore(checkpoints.OpenLatest()!, state, best: null);
        new Trainer(new Adam(1e-3), options).Fit(resumed, new Elbo(), data, new Rng(7), resumeFrom: state);
        Assert.Equal(WeightsFile.Sha256(whole.Parameters), WeightsFile.Sha256(resumed.Parameters));
        Assert.NotEqual(WeightsFile.Sha256(half.Parameters), WeightsFile.Sha256(resumed.Parameters));
    }

    [Theory]
    [InlineData("are not images", 784)]
    [InlineData("are not images", 2, 3, 8, 8)]
    [InlineData("at most 1 channel count,", 6, 8)]
    [InlineData("an mlp", 7, 8)]
    [InlineData("[3, 64, 64], not [64, 64, 3]", 64, 64, 3)]
    public void Shapes_that_do_not_fit_are_refused_with_a_remedy(string remedy, params int[] extents)
    {
        foreach (string kind in (string[])["conv", "resnet"])
        {
            Assert.Contains(remedy, Assert.Throws<ArgumentException>(
                () => Make(kind, Shape.Create(extents), Likelihood.Bernoulli)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Defaults_follow_the_size_of_the_image()
    {
        Assert.Equal([32, 64], ImageNetworkSettings.DefaultChannels([28, 28]));
        Assert.Equal([32, 64], ImageNetworkSettings.DefaultChannels([3, 32, 32]));
        Assert.Equal([32], ImageNetworkSettings.DefaultChannels([30, 28]));
        Assert.Equal([32, 32, 64, 64], ImageNetworkSettings.DefaultChannels([3, 64, 64]));
        Assert.Empty(ImageNetworkSettings.DefaultHidden([1, 28, 28]));
        Assert.Equal([256], ImageNetworkSettings.DefaultHidden([3, 64, 64]));
    }

    private static Vae Make(string kind, Shape eventShape, Likelihood likelihood, ulong seed = 1)
    {
        bool large = eventShape.Rank > 1 && eventShape[^1] > 8 && eventShape.Rank < 4;
        int[] channels = large && eventShape[^1] >= 64 ? [4, 4, 8, 8] : [4, 8];
        return kind == "conv"
            ? Vae.Conv(eventShape, 5, channels, likelihood, new Rng(seed))
            : Vae.Residual(eventShape, 5, channels, likelihood, new Rng(seed), attention: true);
    }

    private static Dataset Images(int count)
    {
        var rng = new Rng(8);
        byte[] levels = new byte[count * 64];
        for (int i = 0; i < levels.Length; i++) levels[i] = (byte)rng.NextInt32(256);
        return Dataset.FromBytes("noise", [8, 8], levels, DataKind.Grey);
    }
}
