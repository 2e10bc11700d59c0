using Reparam.Distributions;
using Reparam.Models;
using Reparam.Models.Diffusion;
using Reparam.Networks;
using Reparam.Networks.Denoising;
using Reparam.Networks.Initialization;
using Reparam.Objectives;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Training;
using Reparam.Training.Optimizers;

namespace Reparam.Tests.Models.Diffusion;

/// <summary>A diffusion of the codes of an autoencoder: its bound where log p(x) is known, and what training
/// changes.</summary>
public sealed class LatentDiffusionTests
{
    [Fact]
    public void Bound_of_a_linear_model_is_log_p()
    {
        // x = W z + noise of deviation s, z ~ N(0, I), with the exact posterior N(m(x), v): here x and z have one
        // component each, so log p(x) = log N(x; 0, w^2 + s^2). The codes of all data have the variance 1, and the
        // diffusion has the exact denoiser.
        const double W = 0.8, S = 0.6;
        var autoencoder = new Vae(new Exact(W, S), new Line(W, S), new StandardNormalPrior(1, DType.Float64));
        var diffusion = new DiffusionModel([1], new GaussianDenoiser(Tensor.Zeros([1], DType.Float64),
            Tensor.Ones([1], DType.Float64)), new LinearSchedule(-13.3, 5), DiffusionEnd.Real, DType.Float64);
        var model = new LatentDiffusion(autoencoder, diffusion);
        const int Count = 20000;
        Tensor x = new Rng(1).Normal([Count, 1], DType.Float64) * Math.Sqrt(W * W + S * S);
        double bound = 0, variance = W * W + S * S, exact = 0;
        for (int i = 0; i < 32; i++)
        {
            using var scope = new TensorScope();
            InferencePass pass = model.Infer(x, new Rng(2).At(i));
            bound += new Elbo().Evaluate(pass, 0).Bound.Item() / 32;
            Assert.Equal(["codes", "z1", "diffusion"], pass.KLParts.Select(p => p.Name));
        }

        for (int i = 0; i < Count; i++)
            exact += -0.5 * (x.At(i) * x.At(i) / variance + Math.Log(2 * Math.PI * variance)) / Count;

        // The gap of the diffusion is 8.4e-7 on average. The cost of one time, 9.15 |e - e'|^2, has a deviation of
        // about 10: 640,000 draws leave 0.0125. 3 deviations.
        Assert.InRange(bound - exact, -0.0375, 0.0375);
    }

    [Fact]
    public void Standardised_codes_leave_the_bound_the_same()
    {
        // With the mean 0.5 and the deviation 2, a denoiser of N(0.5, 4) on codes is one of N(0, 1) on standardised
        // codes, so both bounds are those of one model. The same draws differ, so they are compared on average.
        double Bound(bool standardised)
        {
            var autoencoder = new Vae(
                new Exact(0.8, 0.6), new Line(0.8, 0.6), new StandardNormalPrior(1, DType.Float64));
            double mean = standardised ? 0 : 0.5, variance = standardised ? 1 : 4;
            // The first level is that of the same noise on codes: gamma shifts by log 4.
            double shift = standardised ? -Math.Log(4) : 0;
            var diffusion = new DiffusionModel([1], new GaussianDenoiser(Tensor.Full([1], mean, DType.Float64),
                Tensor.Full([1], variance, DType.Float64)), new LinearSchedule(-12 + shift, 8 + shift),
                DiffusionEnd.Real, DType.Float64);
            var model = new LatentDiffusion(autoencoder, diffusion);
            if (standardised) model.Standardize([0.5], [2]);
            Tensor x = new Rng(1).Normal([20000, 1], DType.Float64);
            using var scope = new TensorScope();
            return new Elbo().Evaluate(model.Infer(x, new Rng(2).At(0), samples: 8), 0).Bound.Item();
        }

        Close.Require(Bound(false), Bound(true), 0.02);
    }

    [Fact]
    public void Training_changes_the_denoiser_alone()
    {
        var autoencoder = Vae.Mlp([4], 3, [5], Likelihood.Bernoulli, new Rng(1));
        var network = new DenoisingMlp(3, [8], 0, Activation.Silu, Initializer.PyTorch, new Rng(2));
        var schedule = new LinearSchedule(-12, 8);
        var model = new LatentDiffusion(autoencoder, new DiffusionModel([3],
            new NetworkDenoiser(network, Prediction.Velocity, schedule.First, schedule.Last), schedule,
            DiffusionEnd.Real));
        Assert.All(model.Parameters, p => Assert.StartsWith("diffusion.", p.Name, StringComparison.Ordinal));
        Assert.Contains(model.Buffers, p => p.Name.StartsWith("autoencoder.encoder", StringComparison.Ordinal));
        float[][] before = [.. autoencoder.Parameters.Select(p => p.Value.ToArray<float>())];
        var step = new TrainingStep(model, new Elbo(), new Adam(1e-2));
        Tensor x = Tensor.GreaterOrEqual(new Rng(3).Uniform([6, 4]), 0.5);
        string start = string.Join(",", model.Parameters.SelectMany(p => p.Value.ToArray<float>()));
        for (int i = 0; i < 2; i++) step.Take(x, new Rng(4).At(i));
        Assert.Equal(before, autoencoder.Parameters.Select(p => p.Value.ToArray<float>()));
        Assert.NotEqual(start, string.Join(",", model.Parameters.SelectMany(p => p.Value.ToArray<float>())));
        Assert.Equal(ModuleMode.Evaluation, autoencoder.Mode);
        Assert.Equal((6, 4), (model.Generate(6, new Rng(5)).Shape[0], model.Generate(6, new Rng(5)).Shape[1]));
        Assert.Throws<ArgumentException>(() => model.Standardize([1], [1]));
    }

    /// <summary>The exact posterior of a line with noise.</summary>
    private sealed class Exact(double w, double s) : Encoder
    {
        public override Distribution Given(Tensor x)
        {
            double variance = 1 / (1 + w * w / (s * s));
            return new DiagonalNormal(x * (variance * w / (s * s)),
                Tensor.Full([1], Math.Sqrt(variance), DType.Float64));
        }
    }

    /// <summary>x = w z plus noise of deviation s.</summary>
    private sealed class Line(double w, double s) : Decoder
    {
        public override Distribution Given(Tensor z) =>
            new DiagonalNormal(z * w, Tensor.Full([1], s, DType.Float64));
    }
}
