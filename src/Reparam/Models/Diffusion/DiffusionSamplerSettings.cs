using Reparam.Configuration;

namespace Reparam.Models.Diffusion;

/// <summary>Settings that make a <see cref="DiffusionSampler"/>.</summary>
public abstract record DiffusionSamplerSettings : Settings
{
    /// <summary>The number of steps.</summary>
    public int Steps { get; init; } = 50;

    /// <inheritdoc cref="DiffusionSampler.Guidance"/>
    public double Guidance { get; init; } = 1;

    /// <summary>Makes the sampler.</summary>
    public abstract DiffusionSampler Make();

    /// <summary>The settings that all samplers have.</summary>
    private protected static Setting[] OfSteps =>
    [
        Setting.Whole<DiffusionSamplerSettings>("steps", s => s.Steps, (s, v) => s with { Steps = v },
            "number of steps from the noise to the data", 1, 100_000).AfterColon(),
        Setting.Real<DiffusionSamplerSettings>("guidance", s => s.Guidance, (s, v) => s with { Guidance = v },
            "strength of guidance by the context; 1 for the model itself", Bounds.NonNegative),
    ];
}

/// <summary>Settings of a <see cref="DpmSolverSampler"/>.</summary>
public sealed record DpmSolverSamplerSettings : DiffusionSamplerSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<DpmSolverSamplerSettings>(
        "dpm-solver", "DPM-Solver++(2M): a solver of order 2, without noise", OfSteps);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override DiffusionSampler Make() => new DpmSolverSampler(Steps) { Guidance = Guidance };
}

/// <summary>Settings of an <see cref="AncestralSampler"/>.</summary>
public sealed record AncestralSamplerSettings : DiffusionSamplerSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<AncestralSamplerSettings>(
        "ancestral", "draws every latent of the model", OfSteps);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override DiffusionSampler Make() => new AncestralSampler(Steps) { Guidance = Guidance };
}

/// <summary>Settings of a <see cref="DdimSampler"/>.</summary>
public sealed record DdimSamplerSettings : DiffusionSamplerSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<DdimSamplerSettings>(
        "ddim", "implicit steps, with a share eta of new noise", [.. OfSteps, Setting.Real<DdimSamplerSettings>(
            "eta", s => s.Eta, (s, v) => s with { Eta = v }, "share of the noise that is new, from 0 to 1",
            new Bounds(0, 1))]);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>The share of the noise that is new.</summary>
    public double Eta { get; init; }

    /// <inheritdoc/>
    public override DiffusionSampler Make() => new DdimSampler(Steps, Eta) { Guidance = Guidance };
}

/// <summary>Settings of a <see cref="FlowSampler"/> with Heun's method.</summary>
public sealed record HeunSamplerSettings : DiffusionSamplerSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<HeunSamplerSettings>(
        "heun", "Heun's method on the probability flow, two calls for each step", OfSteps);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override DiffusionSampler Make() => new FlowSampler(Steps) { Guidance = Guidance };
}

/// <summary>Settings of a <see cref="FlowSampler"/> with the classical method of order 4.</summary>
public sealed record RungeKuttaSamplerSettings : DiffusionSamplerSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<RungeKuttaSamplerSettings>(
        "rk4", "a method of order 4 on the probability flow, four calls for each step", OfSteps);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override DiffusionSampler Make() => new FlowSampler(Steps, FlowMethod.RungeKutta4) { Guidance = Guidance };
}
