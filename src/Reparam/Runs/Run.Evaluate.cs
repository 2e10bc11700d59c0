using Reparam.Data;
using Reparam.Evaluation;
using Reparam.Models;
using Reparam.Serialization;
using Reparam.Tensors;

namespace Reparam.Runs;

public sealed partial class Run
{
    /// <summary>
    /// Evaluates the run's model on a part of its data, with the draws that <c>reparam evaluate</c> has: the numbers
    /// are the same.
    /// </summary>
    /// <param name="part">The part of the data.</param>
    /// <param name="samples">Draws of the latent variables for each data point of the NLL; 0 leaves the NLL
    /// out.</param>
    /// <param name="limit">Evaluate the first data points only; null for all.</param>
    /// <param name="best">Whether to take the best checkpoint; by default where the run stops early.</param>
    /// <param name="context">Where data are, and who is told of warnings.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="InvalidModelException">There is no whole checkpoint.</exception>
    /// <exception cref="OperationCanceledException">A stop was asked for.</exception>
    /// <inheritdoc cref="Data" path="/exception"/>
    public RunEvaluation Evaluate(
        Part part = Part.Test, int samples = 100, int? limit = null, bool? best = null, RunContext? context = null,
        CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        if (limit is { } most) ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most, nameof(limit));
        Checkpoint checkpoint = OpenCheckpoint(best ?? Config.Training.Patience > 0, context?.Warnings);
        LatentVariableModel model = LoadModel(checkpoint);
        Dataset data = Data(part, context?.DataDirectory, context?.Warnings);
        if (limit < data.Count) data = data[..limit.Value];
        Rng rng = RunFactory.RngOf(Config);
        BoundReport bound = EvidenceLowerBound.Evaluate(
            model, data, rng.Split("evaluate"), cancellation: cancellation);
        AggregatePosterior? split = EvidenceLowerBound.Split(model, data, rng.Split("evaluate"), cancellation);
        Estimate? nll = samples == 0 || !model.BoundsLikelihood ? null : ImportanceWeightedBound.Evaluate(
            model, data, samples, rng.Split("nll"), cancellation: cancellation).Negated();
        return new RunEvaluation(checkpoint.Step, bound, split, nll);
    }
}
