using System.Globalization;
using System.Text;

namespace Reparam.Serialization;

/// <summary>Allows one writer per run: keeps the lock file of a run folder open until the object is disposed. If the
/// process crashes, the lock is released.</summary>
public sealed class RunLock : IDisposable
{
    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <summary>Takes the lock of a run folder, which must exist.</summary>
    /// <exception cref="IOException">Another process (or another part of this process) writes to the run, or the folder
    /// cannot be written to.</exception>
    public static RunLock Take(string runFolder)
    {
        string path = Path.Combine(runFolder, "run.lock");
        FileStream file;
        try
        {
            // The file is not deleted on release. Otherwise a second process could hold a lock on the deleted file
            // while a third process creates and locks a new file of the same name.
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The run '{runFolder}' cannot be locked for writing: {failure.Message} If another " +
                "process trains the run, wait until it ends, or choose another folder.", failure);
        }

        file.SetLength(0);
        file.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        file.Flush();
        return new RunLock(file);
    }

    /// <summary>Releases the lock.</summary>
    public void Dispose() => _file.Dispose();
}
