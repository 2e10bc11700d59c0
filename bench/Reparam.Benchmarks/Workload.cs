using Reparam.Models;
using Reparam.Networks;
using Reparam.Objectives;
using Reparam.Tensors;

namespace Reparam.Benchmarks;

/// <summary>A training step to time; bench/peers/steps.py has the same by the same name.</summary>
internal sealed record Workload(string Name, int[] Hidden, int Latent, Activation Activation, int Batch, int Samples)
{
    private const int Pixels = 784;

    public static IReadOnlyList<Workload> All { get; } =
    [
        new("mlp-400-20", [400], 20, Activation.Relu, 128, 1),
        new("mlp-500-20", [500], 20, Activation.Tanh, 100, 1),
        new("mlp-512-512-128", [512, 512], 128, Activation.Relu, 128, 1),
        new("iwae-200-200-50-k1", [200, 200], 50, Activation.Tanh, 20, 1),
        new("iwae-200-200-50-k50", [200, 200], 50, Activation.Tanh, 20, 50),
    ];

    public Objective Objective => Name.StartsWith("iwae", StringComparison.Ordinal) ? new ImportanceWeightedElbo(Samples) : new Elbo();

    /// <summary>Floating-point operations of the matrix products of one step: forward, and backward without the gradient by the data.</summary>
    public double ProductFlops
    {
        get
        {
            double encoderFirst = (double)Pixels * Hidden[0], rest = 0, decoder = 0;
            for (int i = 1; i < Hidden.Length; i++) rest += (double)Hidden[i - 1] * Hidden[i];
            decoder += rest + (double)Latent * Hidden[^1] + (double)Hidden[0] * Pixels;
            rest += (double)Hidden[^1] * 2 * Latent;
            return 2.0 * Batch * (2 * encoderFirst + 3 * rest + 3 * Samples * decoder);
        }
    }

    public Vae Model(Rng rng) => Vae.Mlp([Pixels], Latent, Hidden, Likelihood.Bernoulli, rng, Activation);
}
