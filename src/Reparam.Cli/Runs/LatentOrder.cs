using System.CommandLine;
using Reparam.Data;
using Reparam.Evaluation;

namespace Reparam.Cli.Runs;

/// <summary>Measures which latent dimensions tell most about the data.</summary>
internal static class LatentOrder
{
    // Enough to tell dimensions apart: the KL's standard error over this many data is a few hundredths of a nat.
    private const int Enough = 1000;

    /// <summary>The dimensions of highest KL first, on the data that the command line names.</summary>
    public static IReadOnlyList<int> Of(TrainedRun run, ParseResult parsed) => Of(run, KLPerDimension(run, run.Data(parsed)));

    /// <summary>The dimensions of highest KL first; in their own order where the KL has no closed form, as under a flow.</summary>
    public static IReadOnlyList<int> Of(TrainedRun run, IReadOnlyList<double> klPerDimension) =>
        klPerDimension.Count == 0 ? [.. Enumerable.Range(0, run.Latent)] : LatentWalks.ByKL(klPerDimension);

    /// <summary>The KL of each latent dimension on the first data of a set; empty where it has no closed form.</summary>
    public static IReadOnlyList<double> KLPerDimension(TrainedRun run, Dataset data) =>
        EvidenceLowerBound.Evaluate(run.Model, data[..Math.Min(Enough, data.Count)], run.Rng.Split("evaluate")).KLPerDimension;
}
