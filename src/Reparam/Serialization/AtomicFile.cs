using System.Text;

namespace Reparam.Serialization;

/// <summary>
/// Writes files that appear whole or not at all: a temporary file beside the target, flushed to the disk and checked,
/// then renamed over it. After a failure, or a loss of power at any moment, the old file or the new one is there.
/// </summary>
public static class AtomicFile
{
    /// <summary>Writes a file through a stream.</summary>
    /// <param name="path">The file to make or replace; its folder must exist.</param>
    /// <param name="write">Writes the content. What it throws is passed on, with the old file kept.</param>
    /// <exception cref="IOException">The file cannot be written, or not for certain; the message says which, names it
    /// and the mend. The old file or the whole new one is there.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        string target = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(target)
            ?? throw new IOException($"'{path}' is a folder, not a file; give a file name.");
        string temporary = target + TemporaryName.Suffix();
        bool renamed = false;
        try
        {
            DurableDisk.WriteNewFile(temporary, write);
            File.Move(temporary, target, overwrite: true);
            renamed = true;
            DurableDisk.FlushFolder(folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            string state = renamed ? "was written but may not outlast a loss of power"
                : "could not be written, and what was there before is kept";
            throw new IOException($"'{path}' {state}: {failure.Message} Check that the folder exists, may be written " +
                "to and has free space.", failure);
        }
        finally
        {
            TryDelete(temporary);
        }
    }

    /// <summary>Writes text as UTF-8 without a byte-order mark.</summary>
    /// <exception cref="IOException">The file cannot be written; the old file is kept.</exception>
    public static void WriteAllText(string path, string text) =>
        Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    private static void TryDelete(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A leftover temporary is named with its process and removed by a later start; the first failure matters
            // more.
        }
    }
}
