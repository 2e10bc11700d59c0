using System.CommandLine;
using Reparam.Data;
using Reparam.Serialization;
using Reparam.Training;
using Reparam.Training.Runs;

namespace Reparam.Cli.Commands;

/// <summary>Runs what a command does and turns the errors that a person can mend into one sentence and an exit code.</summary>
internal static class CommandAction
{
    public static void SetHandler(this Command command, Func<ParseResult, CancellationToken, int> run) =>
        command.SetAction((parsed, cancellation) => Task.FromResult(Guard(() => run(parsed, cancellation))));

    private static int Guard(Func<int> run)
    {
        try
        {
            return run();
        }
        catch (InvalidConfigException failure)
        {
            return Fail(failure, ExitCode.Usage);
        }
        catch (Exception failure) when (failure is InvalidDataFileException or InvalidModelException or FileNotFoundException)
        {
            return Fail(failure, ExitCode.BadData);
        }
        catch (TrainingDivergedException failure)
        {
            return Fail(failure, ExitCode.Diverged);
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("reparam: interrupted.");
            return ExitCode.Interrupted;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return Fail(failure, ExitCode.Failed);
        }
        catch (Exception failure) when (failure is OutOfMemoryException or OverflowException)
        {
            Console.Error.WriteLine("reparam: that is more than this machine's memory or one array can hold; ask for less at a time (fewer data, a smaller model or batch).");
            return ExitCode.Failed;
        }
    }

    private static int Fail(Exception failure, int code)
    {
        Console.Error.WriteLine($"reparam: {failure.Message}");
        return code;
    }
}
