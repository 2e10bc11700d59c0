using Reparam.Data;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Evaluation;

/// <summary>The evidence lower bound over a data set with its standard error, KL per dimension and active
/// units.</summary>
public static class EvidenceLowerBound
{
    // A pass of a diffusion holds the tensors of a deep network, so fewer rows are computed at once.
    private const int RowsAtOnce = 250, NoisyRowsAtOnce = 64;

    /// <summary>Evaluates the bound. The KL is in closed form if posterior and prior have one, otherwise it is
    /// sampled.</summary>
    /// <param name="model">The model.</param>
    /// <param name="data">The data; binarise them first if the model was trained on binarised data.</param>
    /// <param name="rng">Source of the draws.</param>
    /// <param name="samples">Latent draws for each data point.</param>
    /// <param name="cancellation">Stops between batches, with an exception.</param>
    public static BoundReport Evaluate(
        LatentVariableModel model, Dataset data, Rng rng, int samples = 1, CancellationToken cancellation = default)
    {
        BoundReport? report = EvaluateUntil(model, data, rng, samples, cancellation);
        if (report?.Elbo.Count != data.Count) cancellation.ThrowIfCancellationRequested();
        return report ?? throw new ArgumentException("The bound needs at least one data point.", nameof(data));
    }

    /// <summary>Evaluates the bound on all data, or, if a stop is requested, on the data that are finished by
    /// then.</summary>
    /// <param name="model">The model.</param>
    /// <param name="data">The data; binarise them first if the model was trained on binarised data.</param>
    /// <param name="rng">Source of the draws.</param>
    /// <param name="samples">Latent draws for each data point.</param>
    /// <param name="stop">Requests a stop after the current batch.</param>
    /// <returns>The report; its <see cref="Estimate.Count"/> is the number of evaluated data. Null if no data were
    /// evaluated.</returns>
    public static BoundReport? EvaluateUntil(
        LatentVariableModel model, Dataset data, Rng rng, int samples, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        model.RequireNotTraining();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        var reader = new BatchReader(data, Binarization.None, rng, model.DType);
        var statistics = new PosteriorStatistics();
        double[] reconstruction = new double[data.Count], kl = new double[data.Count];
        int rows = Math.Max(1, (model.DrawsAllLatents ? RowsAtOnce : NoisyRowsAtOnce) / samples), done = 0;
        while (done < data.Count && !stop.IsCancellationRequested)
        {
            using var scope = new TensorScope();
            int count = Math.Min(rows, data.Count - done);
            InferencePass pass = model.Infer(reader.Read(done, count, rng), rng.At(0, done), samples,
                context: reader.Context(done, count, model.Context));
            statistics.Add(pass);
            Tensor likelihood = pass.LogLikelihood.Mean(0);
            Tensor divergence = Divergence(pass);
            for (int i = 0; i < count; i++)
                (reconstruction[done + i], kl[done + i]) = (likelihood.At(i), divergence.At(i));
            done += count;
        }

        if (done == 0) return null;
        double[] bound = [.. reconstruction.Zip(kl, (r, k) => r - k).Take(done)];
        return new BoundReport(
            Estimate.Of(bound, samples),
            Estimate.Of(reconstruction.AsSpan(0, done), samples),
            Estimate.Of(kl.AsSpan(0, done), samples),
            statistics.ActiveUnits,
            statistics.KLPerDimension)
        {
            ActiveByLatent = statistics.ActiveByLatent,
            KLByLatent = statistics.KLByLatent,
        };
    }

    /// <summary>Splits the KL into the mutual information of data and codes and the divergence of the codes' marginal
    /// distribution from the prior. It uses at most <see cref="AggregatePosterior.MostData"/> of the data.</summary>
    /// <param name="model">The model.</param>
    /// <param name="data">The data; binarise them first if the model was trained on binarised data.</param>
    /// <param name="rng">Source of the draws.</param>
    /// <param name="cancellation">Stops between batches, with an exception.</param>
    /// <returns>The parts of the KL; null if they cannot be estimated, see
    /// <see cref="AggregatePosterior.Estimate"/>.</returns>
    public static AggregatePosterior? Split(
        LatentVariableModel model, Dataset data, Rng rng, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        model.RequireNotTraining();
        if (!model.DrawsAllLatents) return null;
        Rng noise = rng.Split("aggregate");
        var reader = new BatchReader(data, Binarization.None, rng, model.DType);
        return AggregatePosterior.Estimate(
            data.Count,
            (indices, at) =>
            {
                cancellation.ThrowIfCancellationRequested();
                return model.Infer(reader.Read(indices, noise), noise.At(0, at), context:
                    reader.Context(indices, model.Context));
            },
            invertsFlows: true);
    }

    private static Tensor Divergence(InferencePass pass)
    {
        Tensor? total = null;
        foreach (LatentTerm latent in pass.Latents)
        {
            Tensor term = latent.ClosedFormKL() ?? latent.LogPosterior - latent.Prior.LogProb(latent.Value);
            if (term.Rank > 1) term = term.Mean(0);
            total = total is null ? term : total + term;
        }

        foreach (KLPart part in pass.KLParts)
        {
            Tensor term = part.Value.Mean(0);
            total = total is null ? term : total + term;
        }

        return total ?? Tensor.Zeros([pass.Count], pass.LogLikelihood.DType);
    }
}
