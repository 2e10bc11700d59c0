using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Reparam.Serialization;

/// <summary>
/// Flushes files and folders to the disk and checks the result. The flush of the runtime returns normally if the disk
/// reports an error (dotnet/runtime#124722), and it cannot flush a folder. So on Unix this class calls the system
/// directly. In WebAssembly files are in memory, and there is no disk.
/// </summary>
internal static class DurableDisk
{
    private const int Interrupted = 4; // EINTR
    private const int FullFsync = 51; // macOS F_FULLFSYNC: also flushes the cache of the drive
    private const int CloseOnExecLinux = 0x80000, CloseOnExecMac = 0x1000000;

    private static readonly Lazy<OneHandle> Fsync = new(() => Function<OneHandle>("fsync"));
    private static readonly Lazy<OneHandle> Close = new(() => Function<OneHandle>("close"));
    private static readonly Lazy<TwoIntegers> Control = new(() => Function<TwoIntegers>("fcntl"));
    private static readonly Lazy<OpenFile> Open = new(() => Function<OpenFile>("open"));

    private static bool IsUnix => !OperatingSystem.IsWindows() && !OperatingSystem.IsBrowser();

    [UnmanagedFunctionPointer(CallingConvention.Cdecl, SetLastError = true)]
    private delegate int OneHandle(int handle);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl, SetLastError = true)]
    private delegate int TwoIntegers(int handle, int command);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl, SetLastError = true)]
    private delegate int OpenFile(byte[] path, int flags);

    /// <summary>Creates a file that must not exist yet, writes its content, and returns when the content is on the
    /// disk.</summary>
    internal static void WriteNewFile(string path, Action<Stream> write)
    {
        using FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 64 * 1024);
        write(file);
        file.Flush(flushToDisk: OperatingSystem.IsWindows());
        if (IsUnix) FlushHandle(file.SafeFileHandle, path);
    }

    /// <summary>Flushes the entries of a folder (created, renamed and removed names) to the disk.</summary>
    internal static void FlushFolder(string path)
    {
        if (!IsUnix) return; // NTFS journals its directories, and there is no such call
        int handle = Open.Value(
            Encoding.UTF8.GetBytes(path + '\0'), OperatingSystem.IsMacOS() ? CloseOnExecMac : CloseOnExecLinux);
        if (handle < 0) throw Failure("open the folder", path);
        try
        {
            Flush(handle, path);
        }
        finally
        {
            _ = Close.Value(handle);
        }
    }

    private static void FlushHandle(SafeFileHandle file, string path)
    {
        bool held = false;
        try
        {
            file.DangerousAddRef(ref held);
            Flush((int)file.DangerousGetHandle(), path);
        }
        finally
        {
            if (held) file.DangerousRelease();
        }
    }

    private static void Flush(int handle, string path)
    {
        if (OperatingSystem.IsMacOS() && Control.Value(handle, FullFsync) == 0) return;
        // Only an interrupted call is repeated. After any other failure the system may have dropped the data that it
        // could not write.
        while (Fsync.Value(handle) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted) throw Failure("flush to the disk", path);
        }
    }

    private static IOException Failure(string what, string path)
    {
        int error = Marshal.GetLastPInvokeError();
        return new IOException(
            $"The system could not {what} '{path}': {Marshal.GetPInvokeErrorMessage(error)} (error {error}).");
    }

    private static T Function<T>(string name) where T : Delegate =>
        Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), name));
}
