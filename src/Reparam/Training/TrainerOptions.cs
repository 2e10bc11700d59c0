using Reparam.Data;

namespace Reparam.Training;

/// <summary>Options of a <see cref="Trainer"/>: the number of epochs, the batch sizes, the binarisation and early
/// stopping.</summary>
public sealed record TrainerOptions
{
    /// <summary>Number of passes over the training set, counted from the start of the run. A resumed run continues
    /// until this number is reached.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Number of data in a step; the last batch of an epoch may be smaller.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>
    /// V, the number of shards that a batch is cut into, a power of two. Each shard is computed as a batch of its own,
    /// and their gradients are added in a fixed binary tree. So the result depends on V, and not on the number of
    /// processes that share the shards (<see cref="Trainer.Ranks"/>). With 1, the batch is computed in one piece.
    /// </summary>
    public int Shards { get; init; } = 1;

    /// <summary>Number of data that validation evaluates at once. The draws and the bounds do not depend on it, except
    /// for the last bits of their mean. Penalties that compare the data of a batch do depend on it.</summary>
    public int ValidationBatchSize { get; init; } = 250;

    /// <summary>How grey levels are binarised.</summary>
    public Binarization Binarization { get; init; } = Binarization.None;

    /// <summary>The random changes of images in training. They are a function of the seed, the step and the data
    /// point.</summary>
    public Augmentation Augmentation { get; init; }

    /// <summary>The random order of the training data in an epoch.</summary>
    public DataOrder Order { get; init; } = DataOrder.Full;

    /// <summary>The number of successive epochs without a better validation bound after which training stops. It then
    /// restores the parameters of the best epoch. With 0, training does not stop early.</summary>
    public int Patience { get; init; }
}
