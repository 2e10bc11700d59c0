using System.Globalization;
using Reparam.Data;
using Reparam.Models;

namespace Reparam.Training.Runs;

/// <summary>
/// What of a configuration follows from the kind of its data where it says <c>auto</c>: the likelihood, and whether the
/// data are standardised.
/// </summary>
public static class DataDefaults
{
    private static readonly string[] s_standardize = ["auto", "none", "columns", "channels"];

    /// <summary>
    /// The configuration with <see cref="ModelConfig.Likelihood"/> and <see cref="DataConfig.Standardize"/> settled.
    /// </summary>
    /// <param name="config">The configuration.</param>
    /// <param name="train">The training data, as they were read.</param>
    /// <param name="reasons">Told what was chosen and why, a sentence each.</param>
    /// <exception cref="InvalidConfigException">A name is unknown, or the data cannot be standardised as they are
    /// scored.</exception>
    public static RunConfig Complete(RunConfig config, Dataset train, Action<string>? reasons = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(train);
        if (!s_standardize.Contains(config.Data.Standardize)) throw RunFactory.Unknown("data.standardize", config.Data.Standardize, s_standardize);
        if (config.Model.Likelihood == ModelConfig.AutomaticLikelihood)
        {
            (string likelihood, string why) = LikelihoodFor(config, train);
            config = config with { Model = config.Model with { Likelihood = likelihood } };
            reasons?.Invoke($"likelihood {likelihood}, since {why} (--likelihood takes another)");
        }

        Likelihood chosen = RunFactory.LikelihoodOf(config.Model.Likelihood);
        bool unbounded = chosen is GaussianLikelihood { IsBounded: false };
        if (config.Data.Standardize == "auto")
        {
            bool wanted = unbounded && train.Kind == DataKind.Real && !IsUnitImage(train);
            return config with { Data = config.Data with { Standardize = !wanted ? "none" : ImageArrays.IsImage(train.EventShape) ? "channels" : "columns" } };
        }

        if (config.Data.Standardize == "none") return config;
        if (!unbounded) throw new InvalidConfigException($"data.standardize '{config.Data.Standardize}' takes data out of [0, 1], and model.likelihood '{config.Model.Likelihood}' scores what lies in it; set it to none, or choose a gaussian likelihood.");
        if (config.Data.Binarization != "none") throw new InvalidConfigException($"data.standardize '{config.Data.Standardize}' is for numbers, and data.binarization '{config.Data.Binarization}' leaves digits; set one of them to none.");
        return config.Data.Standardize == "columns" || train.EventShape.Rank is 2 or 3
            ? config
            : throw new InvalidConfigException($"data.standardize 'channels' is for images, and the data have shape {train.EventShape}; set it to columns.");
    }

    /// <summary>
    /// The standardisation that a settled configuration asks for, fitted to the training data; null for none.
    /// </summary>
    /// <param name="config">The configuration.</param>
    /// <param name="train">The training data, as they were read.</param>
    /// <param name="reasons">Told what it comes to.</param>
    public static Standardization? Standardize(RunConfig config, Dataset train, Action<string>? reasons = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (config.Data.Standardize is "none" or "auto") return null;
        bool channels = config.Data.Standardize == "channels";
        var fitted = Standardization.Fit(train, channels, out int constant);
        reasons?.Invoke(string.Create(CultureInfo.InvariantCulture, $"the data are standardised, each {(channels ? "channel" : "column")} to mean 0 and variance 1 of the training data, and results are turned back (--standardize none leaves them); nats are those of the standardised data, and log p of the data as they are is that {(fitted.LogScale > 0 ? '-' : '+')} {Math.Abs(fitted.LogScale):F4}"));
        string kind = channels ? "channels" : "columns";
        if (constant == fitted.Mean.Count) reasons?.Invoke($"none of the {kind} changes in the training data: there is nothing to learn");
        else if (constant > 0) reasons?.Invoke($"{constant:N0} {kind} never change in the training data, and keep a scale of 1");
        return fitted;
    }

    private static (string Likelihood, string Why) LikelihoodFor(RunConfig config, Dataset train)
    {
        string real = config.Objective.Kind == "vae-gan" ? Likelihood.Gaussian(1).Name : Likelihood.GaussianLearned.Name;
        if (config.Data.Binarization != "none") return (Likelihood.Bernoulli.Name, "the data are binarised");
        if (train.Kind == DataKind.Binary) return (Likelihood.Bernoulli.Name, "the data are zeros and ones");
        bool colour = train.EventShape.Rank == 3 && train.EventShape[0] is 3 or 4;
        if (train.Kind == DataKind.Grey || IsUnitImage(train))
            return colour ? (real, "the data are colour images, whose levels are no chances of a coin") : (Likelihood.Bernoulli.Name, "the data are grey levels in [0, 1], here taken for chances");
        (double low, double high, bool whole) = train.Range();
        string what = whole && low >= 0 ? "whole numbers (counts, here taken for reals)" : "real numbers";
        return (real, FormattableString.Invariant($"the data are {what} from {low:G4} to {high:G4}"));
    }

    /// <summary>Images of reals in [0, 1], which are grey levels that are no whole ones.</summary>
    private static bool IsUnitImage(Dataset data) => data.Kind == DataKind.Real && ImageArrays.IsImage(data.EventShape) && data.Range() is { Minimum: >= 0, Maximum: <= 1 };
}
