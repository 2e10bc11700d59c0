using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Reparam.Processes;

namespace Reparam.Mpi;

/// <summary>
/// The processes of a job that <c>mpirun</c>, <c>mpiexec</c> or <c>srun</c> started. The MPI library is the installed
/// one of the launcher: Open MPI 4 or later, MPICH 4 or another library with its binary interface, or a library with
/// the standard interface of MPI 5. It is found when the process starts, so one build runs on each.
/// </summary>
/// <remarks>
/// The environment variable <c>REPARAM_MPI</c> chooses the interface (<c>ompi</c>, <c>mpich</c>, <c>abi</c>) or
/// switches MPI off (<c>none</c>). An error inside MPI ends the whole job. A process can start MPI once.
/// </remarks>
public sealed class MpiRanks : Ranks, IDisposable
{
    private const int Tag = 7, LongestVersion = 1 << 14;

    private readonly nint _world, _bytes, _statusIgnore;
    private bool _ended;

    private MpiRanks(int rank, int count, nint library, MpiAbi abi, string version)
        : base(rank, count)
    {
        (_world, _bytes, _statusIgnore) = (abi.World.In(library), abi.Bytes.In(library), abi.StatusIgnore);
        Version = version;
    }

    /// <summary>The name and version of the MPI library, in its own words.</summary>
    public string Version { get; }

    /// <summary>The name of this process in messages: its rank, its machine and its number on this machine.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture,
        $"rank {Rank} of {Count} ({Environment.MachineName}, process {Environment.ProcessId})");

    /// <summary>Joins the job that this process belongs to.</summary>
    /// <returns>Null if no launcher of MPI started this process, so that it works alone.</returns>
    /// <exception cref="NotSupportedException">The launcher has no MPI library or one of another kind, the number of
    /// processes is not a power of two, or <c>REPARAM_MPI</c> has an unknown value.</exception>
    public static MpiRanks? Start()
    {
        if (!OperatingSystem.IsLinux()) return null;
        IReadOnlyList<MpiAbi> candidates = MpiLaunch.Candidates(Environment.GetEnvironmentVariable);
        if (candidates.Count == 0) return null;
        (nint library, MpiAbi? abi) = MpiLibrary.Load(candidates);
        if (abi is null)
        {
            throw new NotSupportedException("A launcher of MPI started this process, and its library was not found " +
                $"({string.Join(", ", candidates.SelectMany(a => a.Libraries))}): install it on every machine, or " +
                $"set {MpiLaunch.Variable}={MpiLaunch.None} to train alone.");
        }

        Require(MpiLibrary.MPI_Init_thread(0, 0, abi.ThreadSerialized, out int threads));
        if (threads < abi.ThreadSerialized) throw new NotSupportedException("The MPI library allows one thread.");
        nint world = abi.World.In(library);
        Require(MpiLibrary.MPI_Comm_rank(world, out int rank));
        Require(MpiLibrary.MPI_Comm_size(world, out int count));
        byte[] text = new byte[LongestVersion];
        Require(MpiLibrary.MPI_Get_library_version(ref text[0], out int length));
        string version = Encoding.UTF8.GetString(text, 0, length).TrimEnd('\0').Split('\n')[0]
            .Replace('\t', ' ').Trim();
        if (count == 1 && MpiLaunch.Size(Environment.GetEnvironmentVariable) is > 1 and int started)
        {
            throw new NotSupportedException($"The launcher started {started} processes, and the MPI library " +
                $"({version}) knows of one, so they are of different kinds: use the launcher of this library, or " +
                $"choose the other library with {MpiLaunch.Variable}=ompi or {MpiLaunch.Variable}=mpich.");
        }

        return new MpiRanks(rank, count, library, abi, version);
    }

    /// <summary>Ends all processes of the job at once.</summary>
    /// <param name="code">The exit code of the job.</param>
    public void Abort(int code)
    {
        _ended = true;
        Require(MpiLibrary.MPI_Abort(_world, code));
    }

    /// <summary>Leaves the job; waits until all processes do.</summary>
    public void Dispose()
    {
        if (_ended) return;
        _ended = true;
        Require(MpiLibrary.MPI_Finalize());
    }

    /// <inheritdoc/>
    protected override void Exchange(int partner, ReadOnlySpan<byte> send, Span<byte> receive) =>
        Require(MpiLibrary.MPI_Sendrecv(
            ref MemoryMarshal.GetReference(send), send.Length, _bytes, partner, Tag,
            ref MemoryMarshal.GetReference(receive), receive.Length, _bytes, partner, Tag, _world, _statusIgnore));

    // MPI ends the job on an error, unless the environment has changed its rule.
    private static void Require(int code, [CallerArgumentExpression(nameof(code))] string call = "")
    {
        if (code == 0) return;
        throw new InvalidOperationException(
            $"{call.Split('(')[0].Split('.')[^1]} failed with the error {code} of the MPI library.");
    }
}
