using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.CompilerServices;
using Reparam.Cli.Runs;
using Reparam.Configuration;

namespace Reparam.Cli.Commands;

/// <summary>The type of data that an option or a command is for. An option that the data of a run cannot follow is
/// refused in one place, where the run is opened, so that no option is silently without effect.</summary>
internal static class DataScope
{
    private static readonly ConditionalWeakTable<Symbol, Scope> s_scopes = [];

    private sealed record Scope(string Data, Func<TrainedRun, bool> Holds);

    /// <summary>Marks an option or a command that is only for runs of a table.</summary>
    public static T OnlyForTables<T>(this T symbol)
        where T : Symbol => symbol.OnlyFor("tables", run => run.Folder.Table is not null);

    /// <summary>Marks an option or a command that is not for runs of a table.</summary>
    public static T NotForTables<T>(this T symbol)
        where T : Symbol => symbol.OnlyFor("images and other arrays", run => run.Folder.Table is null);

    /// <summary>Marks an option or a command that is only for runs of images.</summary>
    public static T OnlyForImages<T>(this T symbol)
        where T : Symbol => symbol.OnlyFor("images", run => ImageExtents.Of(run) is not null);

    /// <summary>Refuses a command line whose command or options are not for the data of the run.</summary>
    /// <exception cref="InvalidConfigException">The command, or an option that was given, is for other
    /// data.</exception>
    public static void Require(ParseResult parsed, TrainedRun run)
    {
        Command command = parsed.CommandResult.Command;
        string data = run.Folder.Table is { } schema
            ? schema.Window is { } window ? FormattableString.Invariant($"windows of {window.Size} rows of a table")
                : "rows of a table"
            : ImageExtents.Of(run) is not null ? "images" : $"arrays of shape {run.EventShape}";
        if (s_scopes.TryGetValue(command, out Scope? scope) && !scope.Holds(run))
        {
            throw new InvalidConfigException($"'{ReparamProgram.Name} {command.Name}' is for {scope.Data}, and this " +
                $"run was trained on {data}.");
        }

        foreach (Option option in command.Options)
        {
            if (s_scopes.TryGetValue(option, out Scope? of) && !of.Holds(run)
                && parsed.GetResult(option) is OptionResult { Implicit: false })
            {
                throw new InvalidConfigException(
                    $"{option.Name} is for {of.Data}, and this run was trained on {data}; leave it out.");
            }
        }
    }

    private static T OnlyFor<T>(this T symbol, string data, Func<TrainedRun, bool> holds)
        where T : Symbol
    {
        s_scopes.AddOrUpdate(symbol, new Scope(data, holds));
        return symbol;
    }
}
