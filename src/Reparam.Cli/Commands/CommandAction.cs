using System.CommandLine;
using Reparam.Configuration;

namespace Reparam.Cli.Commands;

/// <summary>Sets the handlers of commands. <see cref="Failures.Failure"/> turns the exceptions of a handler into
/// messages.</summary>
internal static class CommandAction
{
    /// <summary>The kinds that configurations may name.</summary>
    public static Catalog Catalog(this ParseResult parsed) =>
        ((ReparamCommand)parsed.RootCommandResult.Command).Catalog;

    public static void SetHandler(this Command command, Func<ParseResult, CancellationToken, int> run) =>
        command.SetAction((parsed, cancellation) => Task.FromResult(run(parsed, cancellation)));
}
