using System.Runtime.InteropServices;

namespace Reparam.Mpi;

/// <summary>
/// The constants of one binary interface of MPI on 64-bit Linux. A handle is an address in Open MPI, a 32-bit number in
/// MPICH and a small number in the standard interface of MPI 5. All are passed in a register, so a pointer-sized number
/// stands for each.
/// </summary>
/// <param name="Word">The value of REPARAM_MPI that chooses the interface.</param>
/// <param name="Libraries">The names of the library, in the order in which they are tried.</param>
/// <param name="World">MPI_COMM_WORLD.</param>
/// <param name="Bytes">MPI_BYTE.</param>
/// <param name="StatusIgnore">MPI_STATUS_IGNORE.</param>
/// <param name="ThreadSerialized">MPI_THREAD_SERIALIZED.</param>
internal sealed record MpiAbi(
    string Word, string[] Libraries, MpiHandle World, MpiHandle Bytes, nint StatusIgnore, int ThreadSerialized)
{
    public static MpiAbi OpenMpi { get; } = new("ompi", ["libmpi.so.40"],
        new("ompi_mpi_comm_world", 0), new("ompi_mpi_byte", 0), 0, 2);

    public static MpiAbi Mpich { get; } = new("mpich", ["libmpich.so.12", "libmpi.so.12"],
        new(null, 0x44000000), new(null, 0x4c00010d), 1, 2);

    public static MpiAbi Standard { get; } = new("abi", ["libmpi_abi.so.0"],
        new(null, 0x101), new(null, 0x247), 0, 2048);

    public static IReadOnlyList<MpiAbi> All { get; } = [Standard, OpenMpi, Mpich];
}

/// <summary>A handle: the address of an exported symbol, or a number.</summary>
internal readonly record struct MpiHandle(string? Symbol, nint Number)
{
    public nint In(nint library) => Symbol is null ? Number : NativeLibrary.GetExport(library, Symbol);
}
