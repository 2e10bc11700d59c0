using Reparam.Configuration;

namespace Reparam.Runs;

/// <summary>The length and portions of a run.</summary>
public sealed record TrainingSettings : Settings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<TrainingSettings>(
        "training", "the length and portions of a run",
        Setting.Whole<TrainingSettings>(
            "epochs", s => s.Epochs, (s, v) => s with { Epochs = v }, "passes over the training set", 0, 1_000_000),
        Setting.Whole<TrainingSettings>(
            "batch", s => s.Batch, (s, v) => s with { Batch = v }, "data in a step", 1, 1_000_000),
        Setting.Whole<TrainingSettings>(
            "seed", s => s.Seed, (s, v) => s with { Seed = v }, "seed of everything random"),
        Setting.Whole<TrainingSettings>(
            "patience", s => s.Patience, (s, v) => s with { Patience = v },
            "epochs without a better validation bound before stopping; 0 never", 0, 1_000_000),
        Setting.Whole<TrainingSettings>(
            "checkpoint_steps", s => s.CheckpointSteps, (s, v) => s with { CheckpointSteps = v },
            "steps between checkpoints besides those of each epoch; 0 for none"),
        Setting.Whole<TrainingSettings>(
            "keep_checkpoints", s => s.KeepCheckpoints, (s, v) => s with { KeepCheckpoints = v },
            "checkpoints to keep beside the best", 1, 1_000_000));

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>Passes over the training set.</summary>
    public int Epochs { get; init; } = 40;

    /// <summary>Data in a step.</summary>
    public int Batch { get; init; } = 100;

    /// <summary>The seed of everything random.</summary>
    public ulong Seed { get; init; }

    /// <summary>Epochs without a better validation bound before training stops; 0 never stops early.</summary>
    public int Patience { get; init; }

    /// <summary>Steps between checkpoints besides those at the end of each epoch; 0 for none.</summary>
    public long CheckpointSteps { get; init; }

    /// <summary>Checkpoints to keep beside the best.</summary>
    public int KeepCheckpoints { get; init; } = 2;
}
