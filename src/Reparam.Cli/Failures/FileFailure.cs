namespace Reparam.Cli.Failures;

/// <summary>What to do about a file that could not be read or written.</summary>
internal static class FileFailure
{
    private const int DiskFull = 28, ReadOnly = 30, QuotaExceeded = 122, TooManyOpen = 24;

    /// <summary>The system's words, which name the file, and a remedy where they have none.</summary>
    public static string Explain(Exception failure)
    {
        string message = failure.Message.TrimEnd();
        // Sentences of this program's own wrap the system's, and end with what to do.
        if (failure is IOException { InnerException: IOException or UnauthorizedAccessException }) return message;
        string remedy = failure switch
        {
            DirectoryNotFoundException => "check that the folder exists",
            UnauthorizedAccessException when !message.Contains('\'') => "standard output may be closed",
            UnauthorizedAccessException =>
                "check the permissions of the file and its folder, and that it is no folder itself",
            PathTooLongException => "use a shorter path",
            _ when failure.HResult is DiskFull or QuotaExceeded => "free some space, or write elsewhere",
            _ when failure.HResult == ReadOnly => "write elsewhere, for the disk is read-only",
            _ when failure.HResult == TooManyOpen =>
                "close other programs, or raise the limit of open files (ulimit -n)",
            _ => "check that the path is right and that the file can be read and written",
        };
        return $"{message.TrimEnd('.')}; {remedy}.";
    }
}
