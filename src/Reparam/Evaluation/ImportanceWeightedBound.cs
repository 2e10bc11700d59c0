using Reparam.Data;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Evaluation;

/// <summary>log p(x) by importance sampling from the encoder (Burda, Grosse and Salakhutdinov 2016): log 1/K sum_k p(x,
/// z_k)/q(z_k|x). Its expectation is a lower bound on log p(x) that becomes tighter as K grows.</summary>
public static class ImportanceWeightedBound
{
    // The draws of a data point come in groups of this size. The noise is a function of (group, data point, position in
    // the group), so the number of rows in memory does not change a result.
    private const int DrawsAtOnce = 50;
    private const int RowsAtOnce = 500;
    private const int SmallDatum = 1024; // elements; with larger data points fewer rows are in memory at once

    /// <summary>The mean over the data of the bound of each data point, with exactly <paramref name="samples"/> draws
    /// for each data point.</summary>
    /// <param name="model">The model.</param>
    /// <param name="data">The data; binarise them first if the model was trained on binarised data.</param>
    /// <param name="samples">K, at least 1.</param>
    /// <param name="rng">Source of the draws.</param>
    /// <param name="progress">Receives the number of finished data.</param>
    /// <param name="cancellation">Stops between groups of draws, with an exception.</param>
    /// <returns>The mean bound in nats per data point, with its standard error over the data.</returns>
    public static Estimate Evaluate(
        LatentVariableModel model, Dataset data, int samples, Rng rng, IProgress<int>? progress = null,
        CancellationToken cancellation = default) =>
        Estimate.Of(PerDatum(model, data, samples, rng, progress, cancellation), samples);

    /// <summary>The bound of each data point, in nats, in the order of the data.</summary>
    /// <inheritdoc cref="Evaluate" path="/param"/>
    public static double[] PerDatum(
        LatentVariableModel model, Dataset data, int samples, Rng rng, IProgress<int>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        var result = new List<double>(data.Count);
        foreach (double[] batch in Batches(model, data, samples, rng, cancellation))
        {
            result.AddRange(batch);
            progress?.Report(result.Count);
        }

        return [.. result];
    }

    /// <summary>
    /// The bound of each data point in the order of the data. Each batch is returned as soon as it is finished, so a
    /// caller that stops early has the finished batches. The value of a data point does not depend on how many data
    /// points follow.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="data">The data; binarise them first if the model was trained on binarised data.</param>
    /// <param name="samples">K, at least 1.</param>
    /// <param name="rng">Source of the draws.</param>
    /// <param name="cancellation">Stops between groups of draws, with an exception; the unfinished batch is
    /// lost.</param>
    public static IEnumerable<double[]> Batches(
        LatentVariableModel model, Dataset data, int samples, Rng rng, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        model.RequireNotTraining();
        if (!model.BoundsLikelihood)
        {
            throw new NotSupportedException("An autoencoder has no distribution over codes to draw from, so there " +
                "are no importance weights and no bound on log p(x): compare its reconstructions.");
        }

        if (!model.HasImportanceWeights)
        {
            throw new NotSupportedException($"A {model.GetType().Name} does not draw all of its latents, so there " +
                "are no importance weights: use the evidence lower bound.");
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        return Sequence();

        IEnumerable<double[]> Sequence()
        {
            var reader = new BatchReader(data, Binarization.None, rng, model.DType);
            int latents = (int)Math.Min(RowsAtOnce, (long)RowsAtOnce * SmallDatum / Math.Max(1, data.EventShape.Size));
            int rows = Math.Max(1, latents / Math.Min(samples, DrawsAtOnce));
            for (int start = 0; start < data.Count; start += rows)
            {
                yield return Batch(
                    model, reader, start, Math.Min(rows, data.Count - start), samples, rng, cancellation);
            }
        }
    }

    private static double[] Batch(
        LatentVariableModel model, BatchReader reader, int start, int count, int samples, Rng rng,
        CancellationToken cancellation)
    {
        var totals = new LogMeanExp[count];
        using var batch = new TensorScope();
        Tensor x = reader.Read(start, count, rng);
        Tensor? context = reader.Context(start, count, model.Context);
        Func<Rng, int, InferencePass> inference = model.Inference(x, context);
        int draws = Math.Min(samples, DrawsAtOnce);
        for (int done = 0, group = 0; done < samples; done += draws, group++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = new TensorScope();
            int now = Math.Min(draws, samples - done);
            Tensor logWeights = inference(rng.At(group, start), now).LogWeights;
            for (int k = 0; k < now; k++)
            {
                for (int i = 0; i < count; i++) totals[i].Add(logWeights.At(k * count + i));
            }
        }

        double[] result = new double[count];
        for (int i = 0; i < count; i++) result[i] = totals[i].Value;
        return result;
    }
}
