namespace Reparam.Cli.Failures;

/// <summary>Explains what to do about a file that could not be read or written.</summary>
internal static class FileFailure
{
    private const int DiskFull = 28, ReadOnly = 30, QuotaExceeded = 122, TooManyOpen = 24;

    /// <summary>The message of the system, which names the file, with a remedy if the message has none.</summary>
    public static string Explain(Exception failure)
    {
        string message = failure.Message.TrimEnd();
        // A message of this program wraps the system's exception and already says what to do.
        if (failure is IOException { InnerException: IOException or UnauthorizedAccessException }) return message;
        string remedy = failure switch
        {
            DirectoryNotFoundException => "check that the folder exists",
            UnauthorizedAccessException when !message.Contains('\'') => "standard output may be closed",
            UnauthorizedAccessException =>
                "check the permissions of the file and its folder, and that the path is not a folder",
            PathTooLongException => "use a shorter path",
            _ when failure.HResult is DiskFull or QuotaExceeded => "free some space, or write to another place",
            _ when failure.HResult == ReadOnly => "write to another place, because the disk is read-only",
            _ when failure.HResult == TooManyOpen =>
                "close other programs, or raise the limit of open files (ulimit -n)",
            _ => "check that the path is right and that the file can be read and written",
        };
        return $"{message.TrimEnd('.')}; {remedy}.";
    }
}
