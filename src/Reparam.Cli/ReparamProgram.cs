using System.CommandLine;
using System.Globalization;
using System.Reflection;
using Reparam.Cli.Commands;
using Reparam.Cli.Display;
using Reparam.Cli.Failures;
using Reparam.Configuration;
using Reparam.Runs;

namespace Reparam.Cli;

/// <summary>
/// The command line as a method that your own program can call: <c>return ReparamProgram.Run(args,
/// Catalog.BuiltIn.With(kind));</c> is <c>reparam</c> with one more kind in all its commands.
/// </summary>
public static class ReparamProgram
{
    /// <summary>The name of the program in the commands that messages suggest: <c>reparam</c>, or the name of your own
    /// program.</summary>
    internal static string Name { get; private set; } = "reparam";

    /// <summary>Runs one command line and returns its exit code. A failure of the command becomes a message, not an
    /// exception.</summary>
    /// <param name="args">The words of the command line.</param>
    /// <param name="catalog">The kinds that configurations may name; null for the kinds of the library.</param>
    /// <returns>0 done, 1 failed, 2 wrong usage, 3 a file that cannot be used, 4 diverged, 130 interrupted.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="args"/> is null.</exception>
    public static int Run(string[] args, Catalog? catalog = null)
    {
        ArgumentNullException.ThrowIfNull(args);
        if (catalog is not null && Assembly.GetEntryAssembly()?.GetName().Name is { } own) Name = own;
        // The main thread cannot catch an exception of another thread.
        AppDomain.CurrentDomain.UnhandledException += (_, failed) =>
            Environment.Exit(Failure.Tell((Exception)failed.ExceptionObject, args));
        return Run(() => new ReparamCommand(catalog ?? Catalog.BuiltIn), args, CancellationToken.None);
    }

    /// <summary>Runs one command line of a tree of commands. Every exception becomes a message and an exit
    /// code.</summary>
    internal static int Run(Func<Command> create, IReadOnlyList<string> args, CancellationToken cancellation)
    {
        // Numbers are read and printed in the same way, whatever the language of the system is.
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
#pragma warning disable CA1031 // This is the last place that can report the failure.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return Failure.Tell(failure, args);
        }
    }
}
