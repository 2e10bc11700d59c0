using System.CommandLine;
using Reparam.Cli.Commands;
using Reparam.Configuration;
using Reparam.Runs;

namespace Reparam.Cli.Tests;

/// <summary>Runs a command line in this process, many times as fast as a process of its own. Standard output and error,
/// the current folder and the language are the process's: tests that use it run
/// alone (<see cref="AloneInTheProcess"/>).</summary>
internal static class InProcess
{
    public static Command Root { get; } = new ReparamCommand(Catalog.BuiltIn);

    public static CommandLine.Outcome Run(IReadOnlyList<string> arguments) => Run(Root, arguments);

    public static CommandLine.Outcome Run(Command root, IReadOnlyList<string> arguments) =>
        Until(root, arguments, CancellationToken.None);

    /// <summary>Stops the command as Ctrl-C does.</summary>
    public static CommandLine.Outcome Until(
        Command root, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        TextWriter output = Console.Out, error = Console.Error;
        using var text = new StringWriter();
        using var errors = new StringWriter();
        Console.SetOut(text);
        Console.SetError(errors);
        try
        {
            int code = ReparamProgram.Run(() => root, arguments, cancellation);
            return new CommandLine.Outcome(code, text.ToString(), errors.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
    }
}

/// <summary>Tests that change what belongs to the process.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneInTheProcess
{
    public const string Name = "alone in the process";
}
