using Reparam.Data;
using Reparam.Models;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Runs;

namespace Reparam.Tests.Models;

/// <summary>Where a learned scale begins.</summary>
public sealed class StartTests
{
    private static readonly double[] Mean = [0.25, 0.5, 0.75], Deviation = [0.1, 0.2, 0.3];

    public static TheoryData<string> Learned => ["gaussian-learned", "gaussian-sigmoid", "gaussian-element"];

    [Theory]
    [MemberData(nameof(Learned))]
    public void Output_begins_at_the_means_and_scales_of_the_data(string name)
    {
        Vae vae = Mlp([3], Of(name));
        vae.StartAt(Mean, Deviation);
        // Without hidden layers the output at z = 0 is the bias.
        var p = vae.Likelihood(Tensor.Zeros([1, 2], DType.Float64));
        // All elements about their one mean of 0.5: their variances, and twice 0.25^2 for those of 0.25 and 0.75.
        double shared = Math.Sqrt((0.01 + 0.04 + 0.09 + 2 * 0.0625) / 3);
        for (int j = 0; j < 3; j++)
        {
            Assert.Equal(name == "gaussian-learned" ? 0.5 : Mean[j], p.Mean.At(j), 1e-12);
            Assert.Equal(name == "gaussian-learned" ? shared : Deviation[j], Math.Sqrt(p.Variance.At(j)), 1e-12);
        }
    }

    [Fact]
    public void Logistic_has_the_standard_deviation_of_the_data()
    {
        Vae vae = Mlp([3], Likelihood.DiscretizedLogistic);
        vae.StartAt(Mean, Deviation);
        double[] bias = [.. Enumerable.Range(0, 6).Select(vae.Heads.Single().Bias.Value.At)];
        for (int j = 0; j < 3; j++)
        {
            Assert.Equal(Math.Log(Mean[j] / (1 - Mean[j])), bias[j], 1e-12);
            // t pi / sqrt 3 = deviation, log t = softplus(l + 8) - 8.
            Assert.Equal(
                Math.Log(Deviation[j] * Math.Sqrt(3) / Math.PI), Math.Log(1 + Math.Exp(bias[3 + j] + 8)) - 8, 1e-9);
        }
    }

    [Fact]
    public void Elements_that_never_change_begin_a_unit_above_the_floor_and_near_their_value()
    {
        Vae vae = Mlp([2], Likelihood.GaussianSigmoid);
        vae.StartAt([0, 1], [0, 0]);
        var p = vae.Likelihood(Tensor.Zeros([1, 2], DType.Float64));
        Assert.Equal([0.001, 0.999], [Math.Round(p.Mean.At(0), 12), Math.Round(p.Mean.At(1), 12)]);
        Assert.Equal(-11, Math.Log(p.Variance.At(0)), 1e-9);
    }

    [Theory]
    [InlineData("conv")]
    [InlineData("resnet")]
    [InlineData("vq-vae")]
    [InlineData("bayesian")]
    [InlineData("ladder")]
    [InlineData("semi-supervised")]
    public void Every_decoder_begins_there(string kind)
    {
        string[] own = kind switch
        {
            "conv" or "resnet" => [$"model.network={kind}", "model.network.channels=4", "model.network.hidden=4"],
            "vq-vae" => ["model=vq-vae", "model.network.channels=4"],
            "bayesian" => ["model.network.weights=bayesian", "model.network.hidden=4"],
            "semi-supervised" => ["model=semi-supervised", "model.classes=2", "model.network.hidden=4"],
            _ => [$"model={kind}", "model.network.hidden=4"],
        };
        RunSettings config = Configured.With(["training.batch=4", "model.event_shape=2,4,4", "model.latent=2",
            "model.likelihood=gaussian-sigmoid", .. own]);
        // Channel 0 is 0.2 and 0.4 by turns of data, channel 1 has 0.5 or 0.9 by turns of pixels, which is no variance
        // of any pixel but one of the channel.
        float[] values = [.. Enumerable.Range(0, 4 * 32).Select(
            i => i % 32 < 16 ? (i / 32 % 2 == 0 ? 0.2f : 0.4f) : i % 2 == 0 ? 0.5f : 0.9f)];
        OutputHead head = RunFactory.Model(config, Dataset.FromValues("t", [2, 4, 4], values)).Heads.Single();
        bool byChannel = kind is "conv" or "resnet" or "vq-vae";
        int groups = byChannel ? 2 : 32;
        Assert.Equal(2 * groups, head.Bias.Shape.Size);
        Close(Math.Log(0.3 / 0.7), head.Bias.Value.At(0));
        Close(byChannel ? Math.Log(0.7 / 0.3) : 0, head.Bias.Value.At(byChannel ? 1 : 16));
        Close(-12 + Math.Log(Math.Exp(2 * Math.Log(0.1) + 12) - 1), head.Bias.Value.At(groups));
        Close(byChannel ? -12 + Math.Log(Math.Exp(2 * Math.Log(0.2) + 12) - 1) : -12 + Math.Log(Math.E - 1),
            head.Bias.Value.At(byChannel ? 3 : groups + 16));

        static void Close(double expected, double actual) => Assert.Equal(expected, actual, 1e-5);
    }

    [Fact]
    public void What_learns_no_scale_begins_as_it_was_drawn()
    {
        foreach (Likelihood likelihood in (
            Likelihood[])[Likelihood.Bernoulli, Likelihood.Gaussian(1), Likelihood.GaussianOptimal])
        {
            Vae vae = Mlp([3], likelihood), started = Mlp([3], likelihood);
            started.StartAt(Mean, Deviation);
            Assert.Equal(Enumerable.Range(0, 3).Select(vae.Heads.Single().Bias.Value.At),
                Enumerable.Range(0, 3).Select(started.Heads.Single().Bias.Value.At));
        }

        Assert.Throws<ArgumentException>(() => Mlp([3], Likelihood.GaussianLearned).StartAt([0.5], [0.1]));
    }

    private static Likelihood Of(string name) =>
        name == "gaussian-element" ? new GaussianLikelihood(GaussianScale.PerElement, 1, sigmoidMean: false)
            : Configured.With($"model.likelihood={name}").Model.Likelihood.Make();

    private static Vae Mlp(Shape shape, Likelihood likelihood) =>
        Vae.Mlp(shape, 2, [], likelihood, new Rng(1), Activation.Tanh,
            options: new() { Initializer = Initializer.PyTorch, DType = DType.Float64 });
}
