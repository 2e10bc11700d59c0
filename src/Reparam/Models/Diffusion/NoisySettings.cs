using Reparam.Configuration;
using Reparam.Tensors;

namespace Reparam.Models.Diffusion;

/// <summary>Settings of a model with a diffusion, of data or of codes.</summary>
public abstract record NoisySettings : ModelSettings
{
    /// <summary>What the network predicts.</summary>
    public Prediction Prediction { get; init; } = Prediction.Velocity;

    /// <summary>How the noise grows.</summary>
    public NoiseScheduleSettings Noise { get; init; } = new LinearScheduleSettings();

    /// <inheritdoc cref="DiffusionModel.Steps"/>
    public int? Steps { get; init; }

    /// <inheritdoc cref="DiffusionModel.Weighting"/>
    public Weighting Weighting { get; init; } = Weighting.Bound;

    /// <inheritdoc cref="DiffusionModel.Sampler"/>
    public DiffusionSamplerSettings Sampler { get; init; } = new DpmSolverSamplerSettings();

    /// <inheritdoc/>
    public override bool PaysForCodes => false;

    /// <inheritdoc/>
    public override bool ScoresLevels => true;

    /// <summary>The network, the prediction and the noise as text.</summary>
    private protected string DiffusionDescription => $"{Network.Kind.Name}, {Network.Description}, predicts the " +
        $"{Prediction.ToString().ToLowerInvariant()}, {Noise.Kind.Name} noise" + (Steps is { } steps
            ? FormattableString.Invariant($", {steps} steps") : "") + (Weighting.IsBound ? ""
            : $", weighting {Weighting.Name}");

    /// <summary>The settings of the diffusion.</summary>
    private protected static Setting[] OfDiffusion =>
    [
        Setting.Choice<NoisySettings, Prediction>(
            "prediction", s => s.Prediction, (s, v) => s with { Prediction = v },
            "what the network predicts: a velocity, the noise, or the data", ("velocity", Prediction.Velocity),
            ("noise", Prediction.Noise), ("data", Prediction.Data)),
        Setting.Section<NoisySettings, NoiseScheduleSettings>(
            "noise", s => s.Noise, (s, v) => s with { Noise = v }, "how the noise grows from the data to N(0, I)"),
        Setting.OpenWhole<NoisySettings>(
            "steps", s => s.Steps, (s, v) => s with { Steps = v },
            "number of steps of the chain that the bound belongs to; by default the limit of infinitely many", 1,
            1_000_000).WithFlag("--chain-steps"),
        Setting.Choice<NoisySettings, Weighting>(
            "weighting", s => s.Weighting, (s, v) => s with { Weighting = v },
            "weights of the noise levels in training; all but 'bound' train a surrogate",
            [.. Weighting.All.Select(w => (w.Name, w))]),
        Setting.Section<NoisySettings, DiffusionSamplerSettings>(
            "sampler", s => s.Sampler, (s, v) => s with { Sampler = v }, "how samples are computed"),
    ];

    /// <summary>Makes the diffusion of data of a shape.</summary>
    private protected DiffusionModel Diffusion(Shape shape, DiffusionEnd end, Rng weights)
    {
        NoiseSchedule schedule = Noise.Make(end);
        var denoiser = new NetworkDenoiser(
            Network.Denoiser(shape, 0, weights), Prediction, schedule.First, schedule.Last, end.HasSigns);
        return new DiffusionModel(shape, denoiser, schedule, end)
        {
            Steps = Steps, Weighting = Weighting, Sampler = Sampler.Make(),
        };
    }
}
