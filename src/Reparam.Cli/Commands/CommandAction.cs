using System.CommandLine;

namespace Reparam.Cli.Commands;

/// <summary>What a command does. Its exceptions become sentences in <see cref="Failures.Failure"/>.</summary>
internal static class CommandAction
{
    public static void SetHandler(this Command command, Func<ParseResult, CancellationToken, int> run) =>
        command.SetAction((parsed, cancellation) => Task.FromResult(run(parsed, cancellation)));
}
