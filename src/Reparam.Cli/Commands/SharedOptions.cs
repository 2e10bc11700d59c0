using System.CommandLine;
using Reparam.Configuration;
using Reparam.Tensors;

namespace Reparam.Cli.Commands;

/// <summary>Options that several commands have.</summary>
internal static class SharedOptions
{
    public static Option<string> DataDirectory { get; } = new("--data-dir")
    {
        Description = "The folder of the data sets. Default: the environment variable REPARAM_DATA, else a folder in " +
            "the user's profile.", HelpName = "DIR",
    };

    public static Option<int?> Threads { get; } = new("--threads")
    {
        Description = "Number of threads. Default: the number of processors. Results do not depend on it.",
        HelpName = "N",
    };

    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "Print the results as one JSON object in the last line of standard output.",
    };

    public static Option<bool> Quiet { get; } = new("--quiet", "-q") { Description = "Print results, no progress." };

    public static void AddTo(Command command, params Option[] options)
    {
        foreach (Option option in options) command.Options.Add(option);
    }

    /// <summary>Applies the settings that hold for the whole process.</summary>
    public static void Apply(ParseResult parsed)
    {
        if (parsed.GetValue(Threads) is not { } threads) return;
        if (threads is < 1 or > 1024)
            throw new InvalidConfigException($"--threads must be from 1 to 1024; got {threads}.");
        Execution.Threads = threads;
    }
}
