using System.Diagnostics;
using Reparam.Data;
using Reparam.Evaluation;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Cli.Runs;

/// <summary>The NLL of the data that were done when the work ended.</summary>
/// <param name="Value">The estimate, whose count says of how many data; null where none was done.</param>
/// <param name="End">What ended the work.</param>
internal sealed record NllEstimation(Estimate? Value, NllEnd End)
{
    /// <summary>
    /// Estimates the NLL datum by datum, in the data's order, until all are done, the time is over or a stop is asked
    /// for.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="data">The data as the model takes them.</param>
    /// <param name="samples">Draws for each datum.</param>
    /// <param name="rng">Source of the draws; the value of a datum depends on no limit.</param>
    /// <param name="time">After this time no further batch begins; one is always done. Null for no limit.</param>
    /// <param name="progress">Told the number of finished data.</param>
    /// <param name="stop">Asks to stop.</param>
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
