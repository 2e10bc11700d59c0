using System.CommandLine;
using Reparam.Configuration;
using Reparam.Tensors;

namespace Reparam.Cli.Commands;

/// <summary>Options that several commands have.</summary>
internal static class SharedOptions
{
    public static Option<string> DataDirectory { get; } = new("--data-dir")
    {
        Description = "Where data sets are; else REPARAM_DATA, else a folder of the user's.", HelpName = "DIR",
    };

    public static Option<int?> Threads { get; } = new("--threads")
    {
        Description = "Threads to compute with; all processors by default. Results do not depend on it.",
        HelpName = "N",
    };

    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "Print one JSON object as the last line of standard output.",
    };

    public static Option<bool> Quiet { get; } = new("--quiet", "-q") { Description = "No progress, only results." };

    public static void AddTo(Command command, params Option[] options)
    {
        foreach (Option option in options) command.Options.Add(option);
    }

    /// <summary>Puts process-wide settings into force.</summary>
    public static void Apply(ParseResult parsed)
    {
        if (parsed.GetValue(Threads) is not { } threads) return;
        if (threads is < 1 or > 1024)
            throw new InvalidConfigException($"--threads lies between 1 and 1024, not {threads}.");
        Execution.Threads = threads;
    }
}
