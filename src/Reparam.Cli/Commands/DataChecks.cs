using Reparam.Data;
using Reparam.Models;
using Reparam.Training.Runs;

namespace Reparam.Cli.Commands;

/// <summary>Refuses data that a likelihood cannot score, before any time is spent.</summary>
internal static class DataChecks
{
    public static void Require(DataSplits splits, Likelihood likelihood, Binarization binarization)
    {
        DataKind kind = splits.Train.Kind;
        if (binarization != Binarization.None && kind == DataKind.Real)
            throw new InvalidConfigException($"Data set '{splits.Train.Name}' holds real numbers, which cannot be binarised; use --binarization none.");
        if (likelihood is BernoulliLikelihood && kind == DataKind.Real && OutsideUnit(splits.Train))
            throw new InvalidConfigException($"Data set '{splits.Train.Name}' has values outside [0, 1], which a Bernoulli likelihood cannot score; use --likelihood gaussian-learned.");
        if (likelihood is DiscretizedLogisticLikelihood && kind != DataKind.Grey)
            throw new InvalidConfigException($"The logistic256 likelihood scores 8-bit grey levels; data set '{splits.Train.Name}' holds {(kind == DataKind.Real ? "real numbers" : "zeros and ones")}.");
    }

    /// <summary>Whether the run scores grey levels as if they were coin flips: a surrogate, not a likelihood.</summary>
    public static bool IsGreyBernoulli(Dataset data, Likelihood likelihood, Binarization binarization) =>
        likelihood is BernoulliLikelihood && binarization == Binarization.None && data.Kind != DataKind.Binary;

    private static bool OutsideUnit(Dataset data)
    {
        foreach (float value in data.Values(0, data.Count))
        {
            if (value is < 0 or > 1) return true;
        }

        return false;
    }
}
