using System.Runtime.InteropServices;

namespace Reparam.Mpi;

/// <summary>The functions of the MPI library of this process, which is found at run time.</summary>
internal static class MpiLibrary
{
    private const string Name = "mpi";
    private const int Now = 2, Global = 0x100; // RTLD_NOW, RTLD_GLOBAL

    private static nint s_library;

    /// <summary>Loads the first library that is installed. Its interface is null if none is.</summary>
    public static (nint Library, MpiAbi? Abi) Load(IEnumerable<MpiAbi> candidates)
    {
        foreach (MpiAbi abi in candidates)
        {
            foreach (string file in abi.Libraries)
            {
                // The plug-ins of Open MPI need the symbols of the library that loads them.
                nint library = dlopen(file, Now | Global);
                if (library == 0) continue;
                if (s_library == 0) NativeLibrary.SetDllImportResolver(typeof(MpiLibrary).Assembly, Resolve);
                s_library = library;
                return (library, abi);
            }
        }

        return default;
    }

    private static nint Resolve(string name, System.Reflection.Assembly assembly, DllImportSearchPath? path) =>
        name == Name ? s_library : 0;

#pragma warning disable SYSLIB1054 // A generator would write code that handles memory.
#pragma warning disable CA5392 // The names are those of system libraries.
    [DllImport("libdl.so.2", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern nint dlopen([MarshalAs(UnmanagedType.LPStr)] string file, int flags);

    [DllImport(Name)]
    internal static extern int MPI_Init_thread(nint count, nint arguments, int required, out int provided);

    [DllImport(Name)]
    internal static extern int MPI_Initialized(out int flag);

    [DllImport(Name)]
    internal static extern int MPI_Comm_rank(nint communicator, out int rank);

    [DllImport(Name)]
    internal static extern int MPI_Comm_size(nint communicator, out int size);

    [DllImport(Name)]
    internal static extern int MPI_Sendrecv(
        ref byte send, int sendCount, nint sendType, int target, int sendTag, ref byte receive, int receiveCount,
        nint receiveType, int source, int receiveTag, nint communicator, nint status);

    [DllImport(Name)]
    internal static extern int MPI_Get_library_version(ref byte text, out int length);

    [DllImport(Name)]
    internal static extern int MPI_Abort(nint communicator, int code);

    [DllImport(Name)]
    internal static extern int MPI_Finalize();
#pragma warning restore CA5392
#pragma warning restore SYSLIB1054
}
