using System.Globalization;
using System.Text;

namespace Reparam.Serialization;

/// <summary>One writer a run: holds a run folder's lock file open until disposed. A crash releases it.</summary>
public sealed class RunLock : IDisposable
{
    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <summary>Takes the lock of a run folder, which must exist.</summary>
    /// <exception cref="IOException">Another process (or another part of this one) writes to the run, or the folder
    /// cannot be written to.</exception>
    public static RunLock Take(string runFolder)
    {
        string path = Path.Combine(runFolder, "run.lock");
        FileStream file;
        try
        {
            // The file itself stays behind: removing it would let a third process lock a name that is gone.
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The run '{runFolder}' cannot be locked for writing: {failure.Message} If another " +
                "training writes to it, wait for it or choose another folder.", failure);
        }

        file.SetLength(0);
        file.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        file.Flush();
        return new RunLock(file);
    }

    /// <summary>Lets the next writer in.</summary>
    public void Dispose() => _file.Dispose();
}
