using Reparam.Configuration;
using Reparam.Data;
using Reparam.Models;

namespace Reparam.Runs;

/// <summary>Checks whether data fit the likelihood and the binarisation of a run.</summary>
public static class DataFit
{
    /// <summary>Throws if the likelihood or the binarisation of a configuration does not fit its data.</summary>
    /// <exception cref="InvalidConfigException">The likelihood or the binarisation does not fit.</exception>
    public static void Require(Dataset data, Likelihood likelihood, Binarization binarization)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (Problem(data, likelihood, binarization) is { } problem)
            throw new InvalidConfigException($"{problem} Choose another --binarization or --likelihood.");
    }

    /// <summary>A sentence that says why the likelihood cannot score the data; null if it can.</summary>
    public static string? Problem(Dataset data, Likelihood likelihood, Binarization binarization)
    {
        ArgumentNullException.ThrowIfNull(data);
        if ((likelihood is TableLikelihood) != (data.Kind == DataKind.Table))
        {
            return data.Kind == DataKind.Table
                ? $"The rows of '{data.Name}' have a likelihood for each column, and {likelihood.Name} is one for all."
                : $"The likelihood '{likelihood.Name}' scores rows of a table, and '{data.Name}' is none.";
        }

        if (binarization != Binarization.None && data.Kind == DataKind.Real)
        {
            return $"Data set '{data.Name}' holds real numbers, which cannot be binarised (--binarization none " +
                "keeps them as they are).";
        }

        if (likelihood is BernoulliLikelihood && data.Kind == DataKind.Real
            && data.Range() is { Minimum: < 0 } or { Maximum: > 1 })
        {
            return $"Data set '{data.Name}' has values outside [0, 1], which a Bernoulli likelihood cannot score " +
                "(gaussian-learned can).";
        }

        if (likelihood.ScoresCounts && likelihood is not TableLikelihood
            && data.Range() is { AreWhole: false } or { Minimum: < 0 })
        {
            return $"The likelihood '{likelihood.Name}' scores whole numbers from 0, and data set '{data.Name}' has " +
                "others.";
        }

        if (likelihood.IsPositive && data.Range().Minimum <= 0)
        {
            return $"The likelihood '{likelihood.Name}' scores positive numbers, and data set '{data.Name}' has " +
                "others.";
        }

        if (likelihood is DiscretizedLogisticLikelihood && data.Kind != DataKind.Grey)
        {
            return $"The logistic256 likelihood scores 8-bit grey levels; data set '{data.Name}' holds " +
                $"{(data.Kind == DataKind.Real ? "real numbers" : "zeros and ones")}.";
        }

        if (likelihood is DiscretizedLogisticLikelihood && binarization != Binarization.None)
        {
            return "The logistic256 likelihood scores 8-bit grey levels, and --binarization gives only " +
                "zeros and ones.";
        }

        return null;
    }

    /// <summary>Whether the likelihood is a probability of the discrete levels that the data have. Only then are bits
    /// per dimension meaningful.</summary>
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
}
