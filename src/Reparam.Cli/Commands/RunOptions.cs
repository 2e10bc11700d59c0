using System.CommandLine;
using Reparam.Cli.Runs;
using Reparam.Configuration;
using Reparam.Runs;

namespace Reparam.Cli.Commands;

/// <summary>Arguments and options of the commands that read a finished run.</summary>
internal static class RunOptions
{
    public static Argument<string> Run { get; } = new("RUN")
    {
        Description = "The run's folder, as 'reparam train' printed it. 'latest' means the newest run below runs/.",
    };

    public static Option<string> Checkpoint { get; } = new("--checkpoint")
    {
        Description = "latest or best. Default: best where the run was trained with a patience, else latest.",
        HelpName = "WHICH",
    };

    public static Option<string> Split { get; } = new("--split")
    {
        Description = "The part of the data: test (the default), validation or train. If --data names a file or " +
            "folder with parts: one of its parts.",
        HelpName = "PART",
    };

    public static Option<string> Data { get; } = new("--data")
    {
        Description = "Use other data than the run's: the path of your own file or of a folder of pictures (all of " +
            "it, or its test part, in its order), or the name of a known data set.", HelpName = "NAME|PATH",
    };

    public static Option<string> Out { get; } = new("--out", "-o")
    {
        Description = "The file to write: .png for pictures, .npy for latents and decoded data, .npz, .csv " +
            "or .parquet for latents with their labels, .csv or .parquet for rows of a table. Default: a file in the " +
            "run's folder.",
        HelpName = "FILE",
    };

    public static Option<string> Class { get; } = new("--class")
    {
        Description = "The class to generate, for a conditional model: its number, or its name if the data of the " +
            "run name their classes.", HelpName = "C",
    };

    public static Option<string> Given { get; } = new Option<string>("--given")
    {
        Description = "Values of the columns that the model is conditioned on, such as class=good,age=35; age= is a " +
            "missing one, and a name or a value with a comma or '=' is written in double quotes. For " +
            "'sample' also ranges, such as age=30..40, and columns of rows that are modelled; of the training data " +
            "that meet all conditions, the other columns of the condition are taken.",
        HelpName = "COLUMN=VALUE,...",
    }.OnlyForTables();

    public static Option<ulong?> Seed { get; } = new("--seed")
    {
        Description = "Seed of the draws. Default: the seed of the run.", HelpName = "N",
    };

    public static Option<int?> Limit { get; } = new("--limit")
    {
        Description = "Use only the first N data points.", HelpName = "N",
    };

    /// <summary>Adds RUN, the given options, and the options that all of these commands have.</summary>
    public static void AddTo(Command command, params Option[] own)
    {
        command.Arguments.Add(Run);
        SharedOptions.AddTo(command, own);
        SharedOptions.AddTo(command, Checkpoint, SharedOptions.Threads, SharedOptions.Json, SharedOptions.Quiet);
    }

    /// <summary>The options of commands that read data.</summary>
    public static Option[] OfData => [Split, Data, SharedOptions.DataDirectory];

    /// <summary>The options of commands that decode codes.</summary>
    public static Option[] OfDecoding => [Class, Given, Out];

    /// <summary>The folder of RUN.</summary>
    public static Run Open(ParseResult parsed) => LatestRun.Open(parsed.GetValue(Run)!, parsed.Catalog());

    /// <summary>The value of an option that takes one of a few words; null where the option is not given.</summary>
    public static string? OneOf(ParseResult parsed, Option<string> option, params string[] known)
    {
        string? value = parsed.GetValue(option);
        return value is null || known.Contains(value)
            ? value
            : throw new InvalidConfigException($"{option.Name} '{value}' is unknown.{Suggestion.For(value, known)}");
    }

    /// <summary>A number within bounds.</summary>
    public static int Within(ParseResult parsed, Option<int> option, int minimum, int maximum) =>
        Within(option.Name, parsed.GetValue(option), minimum, maximum);

    /// <summary>A number within bounds.</summary>
    public static int Within(string name, int value, int minimum, int maximum) => value >= minimum && value <= maximum
        ? value
        : throw new InvalidConfigException(
            FormattableString.Invariant($"{name} lies between {minimum} and {maximum}, not {value}."));
}
