using System.CommandLine;
using Reparam.Cli.Commands;

namespace Reparam.Cli;

internal static class Program
{
    private static int Main(string[] args)
    {
        Command root = ReparamCommand.Create();
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) Console.Error.WriteLine($"reparam: {UsageErrors.Explain(error.Message, parsed)}");
            Console.Error.WriteLine("reparam: see --help.");
            return ExitCode.Usage;
        }

        return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }
}
