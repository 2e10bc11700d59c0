using System.Diagnostics;
using Reparam.Data;
using Reparam.Evaluation;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Cli.Runs;

/// <summary>The NLL of the data points that were finished when the work ended.</summary>
/// <param name="Value">The estimate, with the number of data points as its count; null if none was finished.</param>
/// <param name="End">Why the work ended.</param>
internal sealed record NllEstimation(Estimate? Value, NllEnd End)
{
    /// <summary>
    /// Estimates the NLL of one data point after the other, in their order, until all are finished, the time is over or
    /// a stop is requested.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="data">The data as the model takes them.</param>
    /// <param name="samples">Number of draws for each data point.</param>
    /// <param name="rng">Source of the draws. The value of a data point does not depend on the limits.</param>
    /// <param name="time">After this time no further batch begins. At least one batch is done. Null for no
    /// limit.</param>
    /// <param name="progress">Receives the number of finished data points.</param>
    /// <param name="stop">Requests a stop.</param>
    public static NllEstimation Run(
        LatentVariableModel model, Dataset data, int samples, Rng rng, TimeSpan? time, Action<int> progress,
        CancellationToken stop)
    {
        long started = Stopwatch.GetTimestamp();
        var values = new List<double>(data.Count);
        NllEnd end = NllEnd.AllData;
        try
        {
            foreach (double[] batch in ImportanceWeightedBound.Batches(model, data, samples, rng, stop))
            {
                values.AddRange(batch);
                progress(values.Count);
                bool hasTime = time is null || Stopwatch.GetElapsedTime(started) < time;
                if (hasTime || values.Count == data.Count) continue;
                end = NllEnd.Time;
                break;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            end = NllEnd.Interruption;
        }

        return new NllEstimation(values.Count == 0 ? null : Estimate.Of(values.ToArray(), samples).Negated(), end);
    }
}
