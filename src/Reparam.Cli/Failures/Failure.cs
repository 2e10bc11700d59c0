using Reparam.Cli.Display;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Serialization;
using Reparam.Training;

namespace Reparam.Cli.Failures;

/// <summary>
/// Turns an exception into a message and an exit code. An unexpected exception is a bug, for which a report is written.
/// </summary>
internal static class Failure
{
    private const string TooLarge =
        "this needs more memory than the machine has, or a larger array than is possible; ask for less at a time " +
            "(fewer data, a smaller model or a smaller batch).";

    /// <summary>Writes to standard error what failed, and returns the exit code.</summary>
    /// <param name="failure">What was thrown.</param>
    /// <param name="commandLine">The arguments of the command line, for a report.</param>
    public static int Tell(Exception failure, IReadOnlyList<string> commandLine) =>
        Tell(failure, commandLine, CrashReport.Folders);

    /// <summary>The same, with the folders that are tried for a report.</summary>
    public static int Tell(
        Exception failure, IReadOnlyList<string> commandLine, IEnumerable<Func<string>> reportFolders)
    {
        // Worker threads and tasks wrap the exception.
        while (failure is AggregateException { InnerExceptions: [var only] }) failure = only;
        switch (failure)
        {
            case InvalidConfigException:
                return Say(failure.Message, ExitCode.Usage);
            case FileNotFoundException or DirectoryNotFoundException when !HasCurrentFolder():
                return Say("the current folder no longer exists; change to an existing folder.", ExitCode.Usage);
            case InvalidDataFileException or InvalidModelException or FileNotFoundException:
                return Say(failure.Message, ExitCode.BadData);
            case TrainingDivergedException:
                return Say(failure.Message, ExitCode.Diverged);
            case OperationCanceledException:
                return Say("interrupted.", ExitCode.Interrupted);
            case IOException or UnauthorizedAccessException:
                return Say(FileFailure.Explain(failure), ExitCode.Failed);
            case OutOfMemoryException or OverflowException:
                return Say(TooLarge, ExitCode.Failed);
            // Messages of the libraries for the user. A derived type, such as ArgumentNullException, is a bug instead.
            case NotSupportedException when failure.GetType() == typeof(NotSupportedException):
            case ArgumentException when failure.GetType() == typeof(ArgumentException):
                // .NET appends the name of a parameter, which is meaningless on a command line.
                return Say(failure.Message.Split(" (Parameter '")[0], ExitCode.Failed);
            default:
                return Say(CrashReport.Write(failure, commandLine, reportFolders), ExitCode.Failed);
        }
    }

    private static bool HasCurrentFolder()
    {
        try
        {
            return Directory.Exists(Environment.CurrentDirectory);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    private static int Say(string sentence, int code)
    {
        try
        {
            Message.Error(sentence.ReplaceLineEndings(" "));
        }
        catch (Exception unheard) when (unheard is IOException or UnauthorizedAccessException)
        {
            // Standard error is closed or full, so only the exit code can report the failure.
        }

        return code;
    }
}
