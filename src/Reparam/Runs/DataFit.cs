using Reparam.Configuration;
using Reparam.Data;
using Reparam.Models;

namespace Reparam.Runs;

/// <summary>Whether data go with the likelihood and the binarisation of a run.</summary>
public static class DataFit
{
    /// <summary>Refuses a configuration whose likelihood or binarisation does not fit its data.</summary>
    /// <exception cref="InvalidConfigException">It does not.</exception>
    public static void Require(Dataset data, Likelihood likelihood, Binarization binarization)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (Problem(data, likelihood, binarization) is { } problem)
            throw new InvalidConfigException($"{problem} Choose another --binarization or --likelihood.");
    }

    /// <summary>Why the data cannot be scored, in a sentence; null where they can.</summary>
    public static string? Problem(Dataset data, Likelihood likelihood, Binarization binarization)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (binarization != Binarization.None && data.Kind == DataKind.Real)
        {
            return $"Data set '{data.Name}' holds real numbers, which cannot be binarised (--binarization none " +
                "leaves them as they are).";
        }

        if (likelihood is BernoulliLikelihood && data.Kind == DataKind.Real && OutsideUnit(data))
        {
            return $"Data set '{data.Name}' has values outside [0, 1], which a Bernoulli likelihood cannot score " +
                "(gaussian-learned can).";
        }

        if (likelihood is DiscretizedLogisticLikelihood && data.Kind != DataKind.Grey)
        {
            return $"The logistic256 likelihood scores 8-bit grey levels; data set '{data.Name}' holds " +
                $"{(data.Kind == DataKind.Real ? "real numbers" : "zeros and ones")}.";
        }

        if (likelihood is DiscretizedLogisticLikelihood && binarization != Binarization.None)
        {
            return "The logistic256 likelihood scores 8-bit grey levels, and --binarization leaves only " +
                "zeros and ones.";
        }

        return null;
    }

    /// <summary>Whether nats are those of a probability of the very levels the data have, so that bits per dimension
    /// mean something.</summary>
    public static bool HasBitsPerDimension(Dataset data, Likelihood likelihood)
    {
        ArgumentNullException.ThrowIfNull(data);
        return likelihood switch
        {
            BernoulliLikelihood => data.Kind == DataKind.Binary,
            DiscretizedLogisticLikelihood => data.Kind == DataKind.Grey,
            _ => false,
        };
    }

    private static bool OutsideUnit(Dataset data)
    {
        foreach (float value in data.Values(0, data.Count))
        {
            if (value is < 0 or > 1) return true;
        }

        return false;
    }
}
