using System.CommandLine;
using System.Globalization;
using Reparam.Cli.Commands;
using Reparam.Cli.Failures;

namespace Reparam.Cli;

internal static class Program
{
    private static int Main(string[] args)
    {
        // A failure on another thread reaches no catch of the main one.
        AppDomain.CurrentDomain.UnhandledException += (_, failed) => Environment.Exit(Failure.Tell((Exception)failed.ExceptionObject, args));
        return Run(ReparamCommand.Create, args, CancellationToken.None);
    }

    /// <summary>Runs one command line to its exit code. No exception leaves it.</summary>
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
                foreach (string problem in problems) Console.Error.WriteLine($"reparam: {problem}");
                Console.Error.WriteLine("reparam: see --help.");
                return ExitCode.Usage;
            }

            return parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, cancellation).GetAwaiter().GetResult();
        }
#pragma warning disable CA1031 // The last place that can say what happened.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return Failure.Tell(failure, args);
        }
    }
}
