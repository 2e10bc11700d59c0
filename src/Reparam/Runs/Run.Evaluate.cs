using Reparam.Data;
using Reparam.Evaluation;
using Reparam.Models;
using Reparam.Serialization;
using Reparam.Tensors;

namespace Reparam.Runs;

public sealed partial class Run
{
    /// <summary>
    /// Evaluates the run's model on a part of its data. The draws are those of <c>reparam evaluate</c>, so both give
    /// the same numbers.
    /// </summary>
    /// <param name="part">The part of the data.</param>
    /// <param name="samples">The number of draws of the latent variables for each data point in the estimate of the
    /// NLL; 0 omits the NLL.</param>
    /// <param name="limit">The number of data points to evaluate, from the start of the part; null for all.</param>
    /// <param name="best">Whether to use the best checkpoint. Null uses the best if <c>training.patience</c> is above 0
    /// and the latest otherwise.</param>
    /// <param name="context">The folder of the data, and the receiver of warnings.</param>
    /// <param name="cancellation">Stops the evaluation between batches.</param>
    /// <exception cref="InvalidModelException">There is no intact checkpoint.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> requested a stop.</exception>
    /// <inheritdoc cref="Data" path="/exception"/>
    public RunEvaluation Evaluate(
        Part part = Part.Test, int samples = 100, int? limit = null, bool? best = null, RunContext? context = null,
        CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        if (limit is { } most) ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most, nameof(limit));
        Checkpoint checkpoint = OpenCheckpoint(best, context?.Warnings);
        LatentVariableModel model = LoadModel(checkpoint);
        Dataset data = Data(part, context?.DataDirectory, context?.Warnings);
        if (limit < data.Count) data = data[..limit.Value];
        Rng rng = RunFactory.RngOf(Config);
        BoundReport bound = EvidenceLowerBound.Evaluate(
            model, data, rng.Split("evaluate"), model.UsualSamples, cancellation);
        AggregatePosterior? split = EvidenceLowerBound.Split(model, data, rng.Split("evaluate"), cancellation);
        Estimate? nll = samples == 0 || !model.HasImportanceWeights ? null : ImportanceWeightedBound.Evaluate(
            model, data, samples, rng.Split("nll"), cancellation: cancellation).Negated();
        return new RunEvaluation(checkpoint.Step, bound, split, nll);
    }
}
