using System.CommandLine;
using Reparam.Data;
using Reparam.Evaluation;
using Reparam.Tensors;

namespace Reparam.Cli.Runs;

/// <summary>How much each latent dimension tells about the data.</summary>
/// <param name="Measure">The name of the measure: KL, or variance (of the codes over the data) where the KL of the
/// posterior has no parts per dimension, as for a flow.</param>
/// <param name="Values">A number for each dimension. A larger number means that the dimension tells more.</param>
internal sealed record LatentOrder(string Measure, IReadOnlyList<double> Values)
{
    // Enough to distinguish dimensions: with this many data the standard error of the KL is a few hundredths of a nat.
    private const int Enough = 1000;

    /// <summary>Measures on the data that the command line names.</summary>
    public static LatentOrder Of(TrainedRun run, ParseResult parsed) => Of(run, run.Data(parsed));

    /// <summary>Measures on the first 1,000 data points of a set.</summary>
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

    /// <summary>The dimensions, in descending order of the measure.</summary>
    public IReadOnlyList<int> Descending => LatentWalks.ByKL(Values);
}
