using Reparam.Tensors;

namespace Reparam.Training;

/// <summary>A step of a batch that is cut into shards, for the element type of the model.</summary>
internal interface IShardedStep
{
    /// <summary>Takes a step.</summary>
    /// <param name="batch">Number of data in the batch.</param>
    /// <param name="read">Reads the data of a shard: its first position in the batch and the number of data.</param>
    /// <param name="noise">Source of the noise of training.</param>
    /// <param name="diverged">Makes the exception of a loss or gradient that is not finite.</param>
    /// <param name="cancellation">A request to stop.</param>
    /// <returns>The numbers of the step, and whether any process got a request to stop.</returns>
    (StepResult Result, bool Stop) Take(
        int batch, Func<int, int, (Tensor X, Tensor? Context)> read, Rng noise,
        Func<string, double, double, TrainingDivergedException> diverged, CancellationToken cancellation);
}
