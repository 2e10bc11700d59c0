using Reparam.Cli.Display;
using Reparam.Configuration;
using Reparam.Data;
using Reparam.Serialization;
using Reparam.Training;

namespace Reparam.Cli.Failures;

/// <summary>
/// Turns an exception into one sentence and an exit code. What nobody foresaw is a bug, and gets a report.
/// </summary>
internal static class Failure
{
    private const string TooLarge =
        "that is more than this machine's memory or one array can hold; ask for less at a time (fewer data, a " +
            "smaller model or batch).";

    /// <summary>Says on standard error what failed, and returns the exit code.</summary>
    /// <param name="failure">What was thrown.</param>
    /// <param name="commandLine">The arguments, for a report.</param>
    public static int Tell(Exception failure, IReadOnlyList<string> commandLine) =>
        Tell(failure, commandLine, CrashReport.Folders);

    /// <summary>The same, with the folders that a report may go to.</summary>
    public static int Tell(
        Exception failure, IReadOnlyList<string> commandLine, IEnumerable<Func<string>> reportFolders)
    {
        // Worker threads and tasks wrap the one thing that happened.
        while (failure is AggregateException { InnerExceptions: [var only] }) failure = only;
        switch (failure)
        {
            case InvalidConfigException:
                return Say(failure.Message, ExitCode.Usage);
            case FileNotFoundException or DirectoryNotFoundException when !HasCurrentFolder():
                return Say("the current folder no longer exists; change to one that does.", ExitCode.Usage);
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
            // The libraries' own sentences. A type below these, such as ArgumentNullException, is a mistake in a call.
            case NotSupportedException when failure.GetType() == typeof(NotSupportedException):
            case ArgumentException when failure.GetType() == typeof(ArgumentException):
                return Say(failure.Message, ExitCode.Failed);
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
            // Standard error is closed or full: the exit code is all that is left to say.
        }

        return code;
    }
}
