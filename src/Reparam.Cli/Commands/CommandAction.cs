using System.CommandLine;
using Reparam.Configuration;

namespace Reparam.Cli.Commands;

/// <summary>What a command does. Its exceptions become sentences in <see cref="Failures.Failure"/>.</summary>
internal static class CommandAction
{
    /// <summary>The kinds that configurations may name.</summary>
    public static Catalog Catalog(this ParseResult parsed) =>
        ((ReparamCommand)parsed.RootCommandResult.Command).Catalog;

    public static void SetHandler(this Command command, Func<ParseResult, CancellationToken, int> run) =>
        command.SetAction((parsed, cancellation) => Task.FromResult(run(parsed, cancellation)));
}
