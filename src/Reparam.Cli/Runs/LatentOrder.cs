using System.CommandLine;
using Reparam.Data;
using Reparam.Evaluation;
using Reparam.Tensors;

namespace Reparam.Cli.Runs;

/// <summary>How much each latent dimension tells about the data.</summary>
/// <param name="Measure">What the numbers are: the KL, or where a posterior's has no parts (a flow), the variance of
/// its points over the data.</param>
/// <param name="Values">A number for each dimension, the more the more it tells.</param>
internal sealed record LatentOrder(string Measure, IReadOnlyList<double> Values)
{
    // Enough to tell dimensions apart: the KL's standard error over this many data is a few hundredths of a nat.
    private const int Enough = 1000;

    /// <summary>Measured on the data that the command line names.</summary>
    public static LatentOrder Of(TrainedRun run, ParseResult parsed) => Of(run, run.Data(parsed));

    /// <summary>Measured on the first data of a set.</summary>
    public static LatentOrder Of(TrainedRun run, Dataset data)
    {
        Dataset some = data[..Math.Min(Enough, data.Count)];
        IReadOnlyList<double> kl = EvidenceLowerBound.Evaluate(
            run.Model, some, run.Rng.Split("evaluate")).KLPerDimension;
        if (kl.Count > 0) return new LatentOrder("KL", kl);
        Tensor codes = Latents.Encode(run.Model, some);
        Tensor variance = (codes - codes.Mean(0)).Square().Mean(0);
        return new LatentOrder("variance", [.. Enumerable.Range(0, variance.Size).Select(variance.At)]);
    }

    /// <summary>The dimensions, those that tell most first.</summary>
    public IReadOnlyList<int> Descending => LatentWalks.ByKL(Values);
}
