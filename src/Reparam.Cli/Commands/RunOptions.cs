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
        Description = "The run's folder, as 'reparam train' printed it; latest is the newest below runs/.",
    };

    public static Option<string> Checkpoint { get; } = new("--checkpoint")
    {
        Description = "latest or best; best where the run had a patience, else latest.", HelpName = "WHICH",
    };

    public static Option<string> Split { get; } = new("--split")
    {
        Description = "test (the default), validation or train; with --data of a file that has parts, one of these.",
        HelpName = "PART",
    };

    public static Option<string> Data { get; } = new("--data")
    {
        Description = "Other data than the run's: a file of one's own, all of it (or its part for tests) in its " +
            "order, or a known data set.", HelpName = "NAME|PATH",
    };

    public static Option<string> Out { get; } = new("--out", "-o")
    {
        Description = "Where to write: pictures are .png, latents and decoded data .npy (latents with their " +
            "labels: .npz).", HelpName = "FILE",
    };

    public static Option<int?> Class { get; } = new("--class")
    {
        Description = "The class of a conditional model's data.", HelpName = "C",
    };

    public static Option<int?> Limit { get; } = new("--limit")
    {
        Description = "Use only the first N data.", HelpName = "N",
    };

    /// <summary>RUN and what every such command has.</summary>
    public static void AddTo(Command command, params Option[] own)
    {
        command.Arguments.Add(Run);
        SharedOptions.AddTo(command, own);
        SharedOptions.AddTo(command, Checkpoint, SharedOptions.Threads, SharedOptions.Json, SharedOptions.Quiet);
    }

    /// <summary>The options of commands that look at data.</summary>
    public static Option[] OfData => [Split, Data, SharedOptions.DataDirectory];

    /// <summary>The folder of RUN.</summary>
    public static Run Open(ParseResult parsed) => LatestRun.Open(parsed.GetValue(Run)!, parsed.Catalog());

    /// <summary>One of a few words, or null where the option is not given.</summary>
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
