using Reparam.Data;

namespace Reparam.Training;

/// <summary>How long and in what portions a <see cref="Trainer"/> trains.</summary>
public sealed record TrainerOptions
{
    /// <summary>Passes over the training set, counted from the start of the run (a resumed run goes on to this
    /// number).</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Data in a step; the last batch of an epoch may be smaller.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>Data that validation scores at once. Draws and bounds do not depend on it, only the last bits of their
    /// mean; an objective's penalties on a batch do.</summary>
    public int ValidationBatchSize { get; init; } = 250;

    /// <summary>How grey levels are binarised.</summary>
    public Binarization Binarization { get; init; } = Binarization.None;

    /// <summary>Epochs without a better validation bound after which training stops and the best parameters return; 0
    /// never stops.</summary>
    public int Patience { get; init; }
}
