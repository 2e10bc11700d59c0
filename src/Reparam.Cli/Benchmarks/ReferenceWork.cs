using Reparam.Models;
using Reparam.Models.Diffusion;
using Reparam.Networks;
using Reparam.Networks.Denoising;
using Reparam.Networks.Initialization;
using Reparam.Objectives;
using Reparam.Tensors;

namespace Reparam.Cli.Benchmarks;

/// <summary>A reference training step, with which machines and libraries are compared: one network, one batch, Adam.
/// bench/peers/steps.py has the same steps under the same names.</summary>
/// <param name="Name">The name on the command line.</param>
/// <param name="Description">A description of the network for the user.</param>
/// <param name="EventShape">Shape of one data point.</param>
/// <param name="Batch">Number of data points in a step.</param>
/// <param name="Model">Makes the model.</param>
/// <param name="Objective">The objective that is maximised.</param>
internal sealed record ReferenceWork(
    string Name, string Description, Shape EventShape, int Batch, Func<Rng, LatentVariableModel> Model,
    Objective Objective)
{
    private static readonly Shape s_digit = [28, 28];

    public static IReadOnlyList<ReferenceWork> All { get; } =
    [
        new("mlp-400-20", "784-400-20 ReLU", s_digit, 128, rng => Mlp(20, [400], Activation.Relu, rng), new Elbo()),
        new("mlp-500-20", "784-500-20 tanh", s_digit, 100, rng => Mlp(20, [500], Activation.Tanh, rng), new Elbo()),
        new("mlp-512-512-128", "784-512-512-128 ReLU", s_digit, 128, rng => Mlp(128, [512, 512], Activation.Relu, rng),
            new Elbo()),
        new("iwae-k1", "784-200-200-50 tanh, importance-weighted, K = 1", s_digit, 20,
            rng => Mlp(50, [200, 200], Activation.Tanh, rng), new ImportanceWeightedElbo(1)),
        new("iwae-k50", "784-200-200-50 tanh, importance-weighted, K = 50", s_digit, 20,
            rng => Mlp(50, [200, 200], Activation.Tanh, rng), new ImportanceWeightedElbo(50)),
        new("conv-28", "1x28x28, 32 and 64 channels, 4x4 stride 2, z 32", s_digit, 128,
            rng => Vae.Conv(s_digit, 32, [32, 64], Likelihood.Bernoulli, rng, []), new Elbo()),
        new("conv-64", "3x64x64, 32-32-64-64 channels, 4x4 stride 2, 256 hidden, z 32", [3, 64, 64], 64,
            rng => Vae.Conv([3, 64, 64], 32, [32, 32, 64, 64], Likelihood.Bernoulli, rng, [256]), new Elbo()),
        new("resnet-32", "3x32x32, residual blocks of 32, 64 and 64 channels, z 64", [3, 32, 32], 32,
            rng => Vae.Residual([3, 32, 32], 64, [32, 64, 64], Likelihood.Bernoulli, rng), new Elbo()),
        new("unet-28", "1x28x28 diffusion, a U-Net of 16, 32 and 32 channels", s_digit, 64,
            rng => Diffusion(new UNet(1, 28, 28, new UNetOptions(), 0, Initializer.PyTorch, rng)), new Elbo()),
        new("dit-28", "1x28x28 diffusion, a transformer of width 128, 6 blocks, patches of 4x4", s_digit, 64,
            rng => Diffusion(new PatchTransformer(1, 28, 28, 4, 128, 6, 4, 0, Initializer.PyTorch, rng)), new Elbo()),
    ];

    private static DiffusionModel Diffusion(DenoisingNetwork network)
    {
        var schedule = new LinearSchedule(-4, 8);
        return new DiffusionModel(s_digit,
            new NetworkDenoiser(network, Prediction.Velocity, schedule.First, schedule.Last), schedule,
            DiffusionEnd.Binary);
    }

    private static Vae Mlp(int latent, int[] hidden, Activation activation, Rng rng) =>
        Vae.Mlp(s_digit, latent, hidden, Likelihood.Bernoulli, rng, activation);
}
