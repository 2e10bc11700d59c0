using Reparam.Data;
using Reparam.Models.Diffusion;
using Reparam.Tensors;

namespace Reparam.Evaluation;

/// <summary>Where a diffusion model pays: how the diffusion term of its bound divides over the noise levels.</summary>
public static class NoiseLevelCosts
{
    private const int Bins = 12, MostData = 500, RowsAtOnce = 64;

    // The golden ratio spreads the times of the data evenly in each bin.
    private const double GoldenRatio = 0.6180339887498949;

    /// <summary>The nats per datum of each of 12 parts of equal time, from the data to the noise. They add up to an
    /// estimate of the diffusion term on at most 500 of the data.</summary>
    /// <param name="model">The model, in evaluation mode.</param>
    /// <param name="data">The data; binarise them first if the model was trained on binarised data.</param>
    /// <param name="rng">Source of the noise.</param>
    public static IReadOnlyList<(NoiseLevel From, NoiseLevel To, double Nats)> Of(
        DiffusionModel model, Dataset data, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(rng);
        model.RequireNotTraining();
        int total = Math.Min(MostData, data.Count);
        var reader = new BatchReader(data, Binarization.None, rng, model.DType);
        double[] nats = new double[Bins];
        for (int start = 0; start < total; start += RowsAtOnce)
        {
            using var scope = new TensorScope();
            int count = Math.Min(RowsAtOnce, total - start);
            Tensor x = reader.Read(start, count, rng);
            Tensor? context = reader.Context(start, count, model.Context);
            for (int bin = 0; bin < Bins; bin++)
            {
                using var inner = new TensorScope();
                double[] times = [.. Enumerable.Range(start, count).Select(
                    i => (bin + ((i + 0.5) * GoldenRatio % 1)) / Bins)];
                if (model.Steps is { } steps) times = [.. times.Select(t => Math.Ceiling(t * steps) / steps)];
                Tensor cost = model.CostAt(x, Tensor.From(times, [count]), rng.Split((uint)bin).At(0, start), context);
                for (int i = 0; i < count; i++) nats[bin] += cost.At(i) / total / Bins;
            }
        }

        return [.. Enumerable.Range(0, Bins).Select(b => (
            model.Schedule.At((double)b / Bins), model.Schedule.At((b + 1.0) / Bins), nats[b]))];
    }
}
