using Reparam.Configuration;
using Reparam.Models;
using Reparam.Objectives;
using Reparam.Training.Optimizers;

namespace Reparam.Runs;

/// <summary>
/// Everything that determines a run: with the version and the data it determines the weights to the bit. Saved as
/// <c>config.json</c>.
/// </summary>
public sealed record RunSettings : Settings
{
    /// <summary>The newest format that this version reads, and the one that it writes.</summary>
    public const int CurrentSchema = 2;

    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<RunSettings>(
        "run", "a run of training",
        Setting.Group<RunSettings, DataSettings>(
            "data", s => s.Data, (s, v) => s with { Data = v }, "what is learnt from"),
        Setting.Section<RunSettings, ModelSettings>(
            "model", s => s.Model, (s, v) => s with { Model = v }, "what learns"),
        Setting.Section<RunSettings, ObjectiveSettings>(
            "objective", s => s.Objective, (s, v) => s with { Objective = v }, "what is maximised"),
        Setting.Section<RunSettings, OptimizerSettings>(
            "optimizer", s => s.Optimizer, (s, v) => s with { Optimizer = v }, "how steps are taken"),
        Setting.Group<RunSettings, TrainingSettings>(
            "training", s => s.Training, (s, v) => s with { Training = v }, "how long"));

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>What is learnt from.</summary>
    public DataSettings Data { get; init; } = new();

    /// <summary>What learns.</summary>
    public ModelSettings Model { get; init; } = new VaeSettings();

    /// <summary>What is maximised.</summary>
    public ObjectiveSettings Objective { get; init; } = new ElboSettings();

    /// <summary>How steps are taken.</summary>
    public OptimizerSettings Optimizer { get; init; } = new AdamSettings();

    /// <summary>How long.</summary>
    public TrainingSettings Training { get; init; } = new();
}
