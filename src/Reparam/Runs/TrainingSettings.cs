using Reparam.Configuration;

namespace Reparam.Runs;

/// <summary>The length, batch size, shards, seed and checkpoints of a run.</summary>
public sealed record TrainingSettings : Settings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<TrainingSettings>(
        "training", "length, batch size, shards, seed and checkpoints of a run",
        Setting.Whole<TrainingSettings>(
            "epochs", s => s.Epochs, (s, v) => s with { Epochs = v },
            "number of passes over the training set", 0, 1_000_000),
        Setting.Whole<TrainingSettings>(
            "batch", s => s.Batch, (s, v) => s with { Batch = v },
            "number of data points in a training step", 1, 1_000_000),
        Setting.Whole<TrainingSettings>(
            "shards", s => s.Shards, (s, v) => s with { Shards = v },
            "number of parts of a batch that are computed apart, a power of two; processes share them", 1, 1 << 16),
        Setting.Whole<TrainingSettings>(
            "seed", s => s.Seed, (s, v) => s with { Seed = v }, "seed of all random numbers"),
        Setting.Whole<TrainingSettings>(
            "patience", s => s.Patience, (s, v) => s with { Patience = v },
            "number of epochs without a better validation bound before training stops; 0 never", 0, 1_000_000),
        Setting.Whole<TrainingSettings>(
            "checkpoint_steps", s => s.CheckpointSteps, (s, v) => s with { CheckpointSteps = v },
            "number of steps between checkpoints within an epoch; 0 only at the end of epochs"),
        Setting.Whole<TrainingSettings>(
            "keep_checkpoints", s => s.KeepCheckpoints, (s, v) => s with { KeepCheckpoints = v },
            "number of newest checkpoints to keep in addition to the best", 1, 1_000_000));

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>The number of passes over the training set.</summary>
    public int Epochs { get; init; } = 40;

    /// <summary>The number of data points in a training step.</summary>
    public int Batch { get; init; } = 100;

    /// <summary>The number of shards that a batch is cut into, a power of two. The result depends on it, and not on
    /// the number of processes that share the shards.</summary>
    public int Shards { get; init; } = 1;

    /// <summary>The seed of all random numbers.</summary>
    public ulong Seed { get; init; }

    /// <summary>The number of epochs without a better validation bound after which training stops; 0 never stops
    /// early.</summary>
    public int Patience { get; init; }

    /// <summary>The number of steps between checkpoints within an epoch. A checkpoint is also written at the end of
    /// each epoch. 0 writes no other checkpoints.</summary>
    public long CheckpointSteps { get; init; }

    /// <summary>The number of newest checkpoints to keep in addition to the best.</summary>
    public int KeepCheckpoints { get; init; } = 2;
}
