using System.Globalization;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Models;
using Reparam.Objectives;

namespace Reparam.Runs;

/// <summary>
/// Derives settings that are <c>auto</c> from the data: the binarisation, the likelihood, and the standardisation.
/// </summary>
public static class DataDefaults
{
    /// <summary>
    /// Returns the configuration with definite values of <see cref="DataSettings.Binarization"/>,
    /// <see cref="ModelSettings.Likelihood"/> and <see cref="DataSettings.Standardize"/>.
    /// </summary>
    /// <param name="config">The configuration.</param>
    /// <param name="train">The training data, as they were read.</param>
    /// <param name="reasons">Receives a sentence for each choice: what was chosen and why.</param>
    /// <exception cref="InvalidConfigException">A name is unknown, or the standardisation does not fit the likelihood,
    /// the binarisation or the shape of the data.</exception>
    public static RunSettings Complete(RunSettings config, Dataset train, Action<string>? reasons = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(train);
        if (train.Kind == DataKind.Table) return RunTables.Complete(config, train, reasons);
        config = Binarize(config, train, reasons);
        if (config.Model.Likelihood is AutomaticLikelihoodSettings)
        {
            (LikelihoodSettings likelihood, string why) = LikelihoodFor(config, train);
            config = config with { Model = config.Model with { Likelihood = likelihood } };
            reasons?.Invoke($"likelihood {likelihood.Word}, because {why} (--likelihood chooses another)");
        }

        Likelihood scored = config.Model.Likelihood.Make();
        bool unbounded = !scored.IsBounded && !scored.IsDiscrete && !scored.IsPositive;
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
            throw new InvalidConfigException($"data.standardize '{config.Data.TextOf("standardize")}' gives real " +
                $"numbers, also below 0 and above 1, and model.likelihood '{config.Model.Likelihood.Word}' scores " +
                $"only {(scored.IsBounded ? "values in [0, 1]" : scored.IsPositive ? "positive numbers"
                    : "discrete levels")}; set data.standardize to none, " +
                "or choose a gaussian likelihood.");
        }

        if (config.Data.Binarization != Binarization.None)
        {
            throw new InvalidConfigException($"data.standardize '{config.Data.TextOf("standardize")}' needs " +
                "real numbers, and data.binarization gives zeros and ones; set one of the two to none.");
        }

        return by == StandardizeBy.Columns || train.EventShape.Rank is 2 or 3
            ? config
            : throw new InvalidConfigException("data.standardize 'channels' needs images, and the data have shape " +
                $"{train.EventShape}; set data.standardize to columns.");
    }

    /// <summary>
    /// The standardisation that a completed configuration asks for, fitted to the training data; null for none.
    /// </summary>
    /// <param name="config">The configuration.</param>
    /// <param name="train">The training data, as they were read.</param>
    /// <param name="reasons">Receives sentences about the standardisation.</param>
    public static Standardization? Standardize(RunSettings config, Dataset train, Action<string>? reasons = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (config.Data.Standardize is StandardizeBy.None or StandardizeBy.Auto) return null;
        bool channels = config.Data.Standardize == StandardizeBy.Channels;
        var fitted = Standardization.Fit(train, channels, out int constant);
        reasons?.Invoke(string.Create(CultureInfo.InvariantCulture, $"the data are standardised, each " +
            $"{(channels ? "channel" : "column")} to mean 0 and variance 1 of the training data, and outputs are " +
            $"converted back to the original units (--standardize none turns this off); nats are for the " +
            $"standardised data, and log p of the original data is log p of the standardised data " +
            $"{(fitted.LogScale > 0 ? '-' : '+')} {Math.Abs(fitted.LogScale):F4}"));
        string kind = channels ? "channels" : "columns";
        if (constant == fitted.Mean.Count)
            reasons?.Invoke($"all {kind} are constant in the training data: there is nothing to learn");
        else if (constant > 0)
            reasons?.Invoke($"{constant:N0} {kind} are constant in the training data and keep a scale of 1");
        return fitted;
    }

    /// <summary>
    /// Returns the configuration with a definite binarisation. The built-in digits become zeros and ones if the
    /// likelihood is <c>auto</c>, so that the numbers of a first run are bounds on log p(x). Other data, and data with
    /// a named likelihood, stay as they are.
    /// </summary>
    private static RunSettings Binarize(RunSettings config, Dataset train, Action<string>? reasons)
    {
        if (config.Data.Binarization is not null) return config;
        bool wanted = config.Model.Likelihood is AutomaticLikelihoodSettings && train.Kind == DataKind.Grey
            && RunData.IsKnown(config.Data.Name) && DatasetCatalog.Find(config.Data.Name).Files.Count == 0;
        if (wanted)
        {
            reasons?.Invoke(
                "binarization dynamic, because the built-in digits have grey levels, and the Bernoulli likelihood "
                + "needs zeros and ones (--binarization none keeps the grey levels)");
        }

        return config with
        {
            Data = config.Data with { Binarization = wanted ? Binarization.Dynamic : Binarization.None },
        };
    }

    private static (LikelihoodSettings Likelihood, string Why) LikelihoodFor(RunSettings config, Dataset train)
    {
        // The VAE-GAN objective does not train a scale: a scale learns only from the log-likelihood of the data.
        LikelihoodSettings real = config.Objective is VaeGanSettings ? new GaussianLikelihoodSettings()
            : new GaussianLearnedLikelihoodSettings();
        var coins = new BernoulliLikelihoodSettings();
        if (config.Data.Binarization != Binarization.None) return (coins, "the data are binarised");
        if (train.Kind == DataKind.Binary) return (coins, "the data are zeros and ones");
        if (config.Model.ScoresLevels && train.Kind == DataKind.Grey)
            return (new DiscretizedLogisticLikelihoodSettings(), "the data are 256 grey levels");
        bool colour = train.EventShape.Rank == 3 && train.EventShape[0] is 3 or 4;
        if (train.Kind == DataKind.Grey || IsUnitImage(train))
        {
            return colour || config.Model.ScoresLevels
                ? (real, "the data are colour images, whose levels are not probabilities")
                : (coins, "the data are grey levels in [0, 1], treated here as probabilities");
        }

        (double low, double high, bool whole) = train.Range();
        string what = whole && low >= 0 ? "whole numbers (counts, treated here as real numbers)" : "real numbers";
        return (real, FormattableString.Invariant($"the data are {what} from {low:G4} to {high:G4}"));
    }

    /// <summary>Whether the data are images of real numbers in [0, 1]: grey levels that are not stored as whole
    /// numbers.</summary>
    private static bool IsUnitImage(Dataset data) => data.Kind == DataKind.Real && ImageArrays.IsImage(data.EventShape)
        && data.Range() is { Minimum: >= 0, Maximum: <= 1 };
}
