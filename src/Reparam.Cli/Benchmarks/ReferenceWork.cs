using Reparam.Models;
using Reparam.Networks;
using Reparam.Objectives;
using Reparam.Tensors;

namespace Reparam.Cli.Benchmarks;

/// <summary>A training step that machines and libraries are compared by: one network, one batch, Adam.
/// bench/peers/steps.py has the same by the same names.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Description">The network, for people.</param>
/// <param name="EventShape">Shape of a datum.</param>
/// <param name="Batch">Data in a step.</param>
/// <param name="Model">Makes the model.</param>
/// <param name="Objective">What is maximised.</param>
internal sealed record ReferenceWork(
    string Name, string Description, Shape EventShape, int Batch, Func<Rng, Vae> Model, Objective Objective)
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
    ];

    private static Vae Mlp(int latent, int[] hidden, Activation activation, Rng rng) =>
        Vae.Mlp(s_digit, latent, hidden, Likelihood.Bernoulli, rng, activation);
}
