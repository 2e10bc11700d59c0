using System.CommandLine;
using Reparam.Cli.Commands;

namespace Reparam.Cli;

internal static class Program
{
    private static int Main(string[] args)
    {
        Command root = ReparamCommand.Create();
        ParseResult parsed = root.Parse(args);
        IReadOnlyList<string> problems = UsageErrors.Of(parsed);
        if (problems.Count > 0)
        {
            foreach (string problem in problems) Console.Error.WriteLine($"reparam: {problem}");
            Console.Error.WriteLine("reparam: see --help.");
            return ExitCode.Usage;
        }

        return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }
}
