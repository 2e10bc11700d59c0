using Reparam.Tensors;

namespace Reparam.Models.Diffusion;

/// <summary>A sampler that solves the probability-flow equation with a Runge-Kutta method in gamma
/// (<see cref="ProbabilityFlow"/>).</summary>
public sealed class FlowSampler : DiffusionSampler
{
    /// <summary>A sampler.</summary>
    /// <param name="steps">The number of steps.</param>
    /// <param name="method">The method of a step; <see cref="FlowMethod.Heun"/> by default.</param>
    public FlowSampler(int steps, FlowMethod method = FlowMethod.Heun)
        : base(steps) => Method = method;

    /// <summary>The method of a step.</summary>
    public FlowMethod Method { get; }

    /// <inheritdoc/>
    public override string Name => Method == FlowMethod.Heun ? "heun" : "rk4";

    /// <inheritdoc/>
    public override int CallsPerStep => Method == FlowMethod.Heun ? 2 : 4;

    /// <inheritdoc/>
    protected override Func<Tensor, int, Tensor> Start(
        Func<Tensor, NoiseLevel, Denoised> denoise, IReadOnlyList<NoiseLevel> levels, Rng? rng) => (z, i) =>
        ProbabilityFlow.Step((at, gamma) => ProbabilityFlow.Velocity(denoise(at, new NoiseLevel(gamma)), at, gamma), z,
            levels[i].Gamma, levels[i + 1].Gamma, Method);
}
