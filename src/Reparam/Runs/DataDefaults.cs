using System.Globalization;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Models;
using Reparam.Objectives;

namespace Reparam.Runs;

/// <summary>
/// What of a configuration follows from its data where it says <c>auto</c>: the binarisation, the likelihood, and
/// whether the data are standardised.
/// </summary>
public static class DataDefaults
{
    /// <summary>
    /// The configuration with <see cref="DataSettings.Binarization"/>, <see cref="ModelSettings.Likelihood"/> and
    /// <see cref="DataSettings.Standardize"/> settled.
    /// </summary>
    /// <param name="config">The configuration.</param>
    /// <param name="train">The training data, as they were read.</param>
    /// <param name="reasons">Told what was chosen and why, a sentence each.</param>
    /// <exception cref="InvalidConfigException">A name is unknown, or the data cannot be standardised as they are
    /// scored.</exception>
    public static RunSettings Complete(RunSettings config, Dataset train, Action<string>? reasons = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(train);
        config = Binarize(config, train, reasons);
        if (config.Model.Likelihood is AutomaticLikelihoodSettings)
        {
            (LikelihoodSettings likelihood, string why) = LikelihoodFor(config, train);
            config = config with { Model = config.Model with { Likelihood = likelihood } };
            reasons?.Invoke($"likelihood {likelihood.Word}, since {why} (--likelihood takes another)");
        }

        bool unbounded = config.Model.Likelihood.Make() is GaussianLikelihood { IsBounded: false };
        StandardizeBy by = config.Data.Standardize;
        if (by == StandardizeBy.Auto)
        {
            bool wanted = unbounded && train.Kind == DataKind.Real && !IsUnitImage(train);
            by = !wanted ? StandardizeBy.None : ImageArrays.IsImage(train.EventShape) ? StandardizeBy.Channels
                : StandardizeBy.Columns;
            return config with { Data = config.Data with { Standardize = by } };
        }

        if (by == StandardizeBy.None) return config;
        if (!unbounded)
        {
            throw new InvalidConfigException($"data.standardize '{config.Data.TextOf("standardize")}' takes data out " +
                $"of [0, 1], and model.likelihood '{config.Model.Likelihood.Word}' scores what lies in it; set it to " +
                "none, or choose a gaussian likelihood.");
        }

        if (config.Data.Binarization != Binarization.None)
        {
            throw new InvalidConfigException($"data.standardize '{config.Data.TextOf("standardize")}' is for " +
                "numbers, and data.binarization leaves digits; set one of them to none.");
        }

        return by == StandardizeBy.Columns || train.EventShape.Rank is 2 or 3
            ? config
            : throw new InvalidConfigException("data.standardize 'channels' is for images, and the data have shape " +
                $"{train.EventShape}; set it to columns.");
    }

    /// <summary>
    /// The standardisation that a settled configuration asks for, fitted to the training data; null for none.
    /// </summary>
    /// <param name="config">The configuration.</param>
    /// <param name="train">The training data, as they were read.</param>
    /// <param name="reasons">Told what it comes to.</param>
    public static Standardization? Standardize(RunSettings config, Dataset train, Action<string>? reasons = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (config.Data.Standardize is StandardizeBy.None or StandardizeBy.Auto) return null;
        bool channels = config.Data.Standardize == StandardizeBy.Channels;
        var fitted = Standardization.Fit(train, channels, out int constant);
        reasons?.Invoke(string.Create(CultureInfo.InvariantCulture, $"the data are standardised, each " +
            $"{(channels ? "channel" : "column")} to mean 0 and variance 1 of the training data, and results are " +
            $"turned back (--standardize none leaves them); nats are those of the standardised data, and log p of " +
            $"the data as they are is that {(fitted.LogScale > 0 ? '-' : '+')} {Math.Abs(fitted.LogScale):F4}"));
        string kind = channels ? "channels" : "columns";
        if (constant == fitted.Mean.Count)
            reasons?.Invoke($"none of the {kind} changes in the training data: there is nothing to learn");
        else if (constant > 0)
            reasons?.Invoke($"{constant:N0} {kind} never change in the training data, and keep a scale of 1");
        return fitted;
    }

    /// <summary>
    /// The configuration with its binarisation settled. The built-in digits become zeros and ones, so that a first
    /// run's numbers are bounds on log p(x); whoever names a likelihood, or data, says what the grey levels are.
    /// </summary>
    private static RunSettings Binarize(RunSettings config, Dataset train, Action<string>? reasons)
    {
        if (config.Data.Binarization is not null) return config;
        bool wanted = config.Model.Likelihood is AutomaticLikelihoodSettings && train.Kind == DataKind.Grey
            && RunData.IsKnown(config.Data.Name) && DatasetCatalog.Find(config.Data.Name).Files.Count == 0;
        if (wanted)
        {
            reasons?.Invoke(
                "binarization dynamic, since the built-in digits have grey levels, and a likelihood of zeros and ones "
                + "needs draws from them (--binarization none leaves them)");
        }

        return config with
        {
            Data = config.Data with { Binarization = wanted ? Binarization.Dynamic : Binarization.None },
        };
    }

    private static (LikelihoodSettings Likelihood, string Why) LikelihoodFor(RunSettings config, Dataset train)
    {
        // A scale learns from the likelihood of data alone.
        LikelihoodSettings real = config.Objective is VaeGanSettings ? new GaussianLikelihoodSettings()
            : new GaussianLearnedLikelihoodSettings();
        var coins = new BernoulliLikelihoodSettings();
        if (config.Data.Binarization != Binarization.None) return (coins, "the data are binarised");
        if (train.Kind == DataKind.Binary) return (coins, "the data are zeros and ones");
        bool colour = train.EventShape.Rank == 3 && train.EventShape[0] is 3 or 4;
        if (train.Kind == DataKind.Grey || IsUnitImage(train))
        {
            return colour ? (real, "the data are colour images, whose levels are no chances of a coin")
                : (coins, "the data are grey levels in [0, 1], here taken for chances");
        }

        (double low, double high, bool whole) = train.Range();
        string what = whole && low >= 0 ? "whole numbers (counts, here taken for reals)" : "real numbers";
        return (real, FormattableString.Invariant($"the data are {what} from {low:G4} to {high:G4}"));
    }

    /// <summary>Images of reals in [0, 1], which are grey levels that are no whole ones.</summary>
    private static bool IsUnitImage(Dataset data) => data.Kind == DataKind.Real && ImageArrays.IsImage(data.EventShape)
        && data.Range() is { Minimum: >= 0, Maximum: <= 1 };
}
