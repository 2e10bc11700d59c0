using System.CommandLine;
using System.Globalization;
using Reparam.Cli.Commands;
using Reparam.Cli.Display;
using Reparam.Cli.Failures;
using Reparam.Configuration;
using Reparam.Runs;

namespace Reparam.Cli;

/// <summary>
/// The command line as a program that another can be: <c>return ReparamProgram.Run(args,
/// Catalog.BuiltIn.With(kind));</c> is <c>reparam</c> with one kind more in all its commands.
/// </summary>
public static class ReparamProgram
{
    /// <summary>Runs one command line to its exit code. No exception leaves it.</summary>
    /// <param name="args">The words of the command line.</param>
    /// <param name="catalog">The kinds that configurations may name; those of the library where null.</param>
    /// <returns>0 done, 1 failed, 2 wrong usage, 3 a file that cannot be used, 4 diverged, 130 interrupted.</returns>
    public static int Run(string[] args, Catalog? catalog = null)
    {
        ArgumentNullException.ThrowIfNull(args);
        // A failure on another thread reaches no catch of the main one.
        AppDomain.CurrentDomain.UnhandledException += (_, failed) =>
            Environment.Exit(Failure.Tell((Exception)failed.ExceptionObject, args));
        return Run(() => new ReparamCommand(catalog ?? Catalog.BuiltIn), args, CancellationToken.None);
    }

    /// <summary>Runs one command line of a tree of commands. No exception leaves it.</summary>
    internal static int Run(Func<Command> create, IReadOnlyList<string> args, CancellationToken cancellation)
    {
        // Numbers read and print the same under every language of the system.
        CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            ParseResult parsed = create().Parse(args);
            IReadOnlyList<string> problems = UsageErrors.Of(parsed);
            if (problems.Count > 0)
            {
                foreach (string problem in problems) Message.Error(problem);
                Message.Error("see --help.");
                return ExitCode.Usage;
            }

            return parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
                cancellation).GetAwaiter().GetResult();
        }
#pragma warning disable CA1031 // The last place that can say what happened.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return Failure.Tell(failure, args);
        }
    }
}
