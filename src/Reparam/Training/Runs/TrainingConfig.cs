namespace Reparam.Training.Runs;

/// <summary>The length and portions of a run.</summary>
public sealed record TrainingConfig
{
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
