using System.Text;

namespace Reparam.Serialization;

/// <summary>
/// Writes files completely or not at all. The content is written to a temporary file next to the target and flushed to
/// the disk, and the flush is checked. Then the temporary file is renamed to the target. After a failure, or a loss of
/// power at any moment, the old file or the complete new file exists.
/// </summary>
public static class AtomicFile
{
    /// <summary>Writes a file through a stream.</summary>
    /// <param name="path">The path of the file to create or replace. Its folder must exist.</param>
    /// <param name="write">Writes the content. If it throws, the old file is kept and the exception is passed
    /// on.</param>
    /// <exception cref="IOException">The file cannot be written, or it was written but may not survive a loss of power.
    /// The message says which, names the file and says what to check. The old file or the complete new file
    /// exists.</exception>
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
            string state = renamed ? "was written but may not survive a loss of power"
                : "could not be written, and an old file is kept";
            throw new IOException($"'{path}' {state}: {failure.Message} Check that the folder exists, is " +
                "writable and has free space.", failure);
        }
        finally
        {
            TryDelete(temporary);
        }
    }

    /// <summary>Writes text as UTF-8 without a byte-order mark.</summary>
    /// <exception cref="IOException">The file cannot be written. The old file is kept.</exception>
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
            // The name of a remaining temporary file contains the id of its process, and a later start removes it. The
            // first failure is more important.
        }
    }
}
