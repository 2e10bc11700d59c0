using Reparam.Configuration;
using Reparam.Tensors;

namespace Reparam.Models.Diffusion;

/// <summary>Settings of a model with a diffusion, of data or of codes.</summary>
public abstract record NoisySettings : ModelSettings
{
    /// <summary>What the network predicts; null for the data if they are zeros and ones, and for the velocity
    /// otherwise.</summary>
    public Prediction? Prediction { get; init; }

    /// <summary>How the noise grows.</summary>
    public NoiseScheduleSettings Noise { get; init; } = new LinearScheduleSettings();

    /// <inheritdoc cref="DiffusionModel.Steps"/>
    public int? Steps { get; init; }

    /// <inheritdoc cref="DiffusionModel.Weighting"/>
    public Weighting Weighting { get; init; } = Weighting.Bound;

    /// <inheritdoc cref="DiffusionModel.Sampler"/>
    public DiffusionSamplerSettings Sampler { get; init; } = new DpmSolverSamplerSettings();

    /// <summary>Whether the model is conditioned on the labels of the data.</summary>
    public bool IsConditional { get; init; }

    /// <summary>C, the number of labels. A run sets it from its data.</summary>
    public int Context { get; init; }

    /// <inheritdoc cref="DiffusionModel.ContextDropout"/>
    public double ContextDropout { get; init; } = 0.1;

    /// <inheritdoc/>
    public override bool TakesLabels => IsConditional;

    /// <inheritdoc/>
    public override int ContextWidth => Context;

    /// <inheritdoc/>
    public override ModelSettings WithContext(int width) => this with { Context = width };

    /// <inheritdoc/>
    public override bool PaysForCodes => false;

    /// <inheritdoc/>
    public override bool ScoresLevels => true;

    /// <summary>The network, the prediction and the noise as text.</summary>
    private protected string DiffusionDescription => $"{Network.Kind.Name}, {Network.Description}, " +
        (Prediction is { } p ? $"predicts the {p.ToString().ToLowerInvariant()}, " : "") + $"{Noise.Kind.Name} noise"
        + (Steps is { } steps ? FormattableString.Invariant($", {steps} steps") : "") + (Weighting.IsBound ? ""
            : $", weighting {Weighting.Name}") + (IsConditional ? ", given labels" : "");

    /// <summary>The settings of the diffusion.</summary>
    private protected static Setting[] OfDiffusion =>
    [
        Setting.Choice<NoisySettings, Prediction?>(
            "prediction", s => s.Prediction, (s, v) => s with { Prediction = v },
            "what the network predicts: auto is the data if they are zeros and ones, and else the velocity",
            ("auto", null), ("velocity", Models.Diffusion.Prediction.Velocity),
            ("noise", Models.Diffusion.Prediction.Noise), ("data", Models.Diffusion.Prediction.Data)),
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
        Setting.Choice<NoisySettings, bool>(
            "condition", s => s.IsConditional, (s, v) => s with { IsConditional = v },
            "what a diffusion is given: nothing, or labels (it then generates a chosen class)", ("none", false),
            ("labels", true)),
        Setting.Whole<NoisySettings>(
            "context", s => s.Context, (s, v) => s with { Context = v }, "number of labels; set from the data", 0,
            10_000).WithFlag(null),
        Setting.Real<NoisySettings>(
            "context_dropout", s => s.ContextDropout, (s, v) => s with { ContextDropout = v },
            "probability that the label is hidden in training, which guidance needs", Bounds.Fraction),
        Setting.Section<NoisySettings, DiffusionSamplerSettings>(
            "sampler", s => s.Sampler, (s, v) => s with { Sampler = v }, "how samples are computed"),
    ];

    /// <summary>Makes the diffusion of data of a shape.</summary>
    private protected DiffusionModel Diffusion(Shape shape, DiffusionEnd end, Rng weights)
    {
        if (IsConditional != Context > 0)
        {
            throw new InvalidConfigException(FormattableString.Invariant($"model.context is {Context}, and ") +
                $"model.condition is '{(IsConditional ? "labels" : "none")}'. Leave model.context out: it is set " +
                "from the data.");
        }

        NoiseSchedule schedule = Noise.Make(end);
        var denoiser = new NetworkDenoiser(
            Network.Denoiser(shape, Context, weights), Prediction ?? Usual(end), schedule.First, schedule.Last,
            end.HasSigns);
        return new DiffusionModel(shape, denoiser, schedule, end)
        {
            Steps = Steps, Weighting = Weighting, Sampler = Sampler.Make(),
            ContextDropout = ContextDropout,
        };
    }

    private static Prediction Usual(DiffusionEnd end) => end.HasSigns ? Models.Diffusion.Prediction.Data
        : Models.Diffusion.Prediction.Velocity;
}
