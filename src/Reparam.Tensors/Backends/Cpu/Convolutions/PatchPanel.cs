using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>
/// A panel of the right operand of a product made of patches: neighbouring positions side by side, for tap after tap. The positions are runs
/// that lie side by side in the padded rows too, the same runs for every tap; each is copied in whole vectors, and what a vector brings too much
/// is overwritten by the next.
/// </summary>
internal unsafe ref struct PatchPanel
{
    public const int TableLength = 2 * MaxPieces;

    private const int MaxPieces = 66;

    private readonly long* _from, _to;
    private readonly int _vector;
    private int _pieces;

    /// <param name="table">Room for <see cref="TableLength"/> numbers.</param>
    /// <param name="rowBytes">Bytes of a whole row of positions: the vectors are no longer than they need be.</param>
    public PatchPanel(long* table, long rowBytes)
    {
        _from = table;
        _to = table + MaxPieces;
        _vector = rowBytes <= 16 || !Vector256.IsHardwareAccelerated ? 16 : rowBytes <= 32 || !Vector512.IsHardwareAccelerated ? 32 : 64;
    }

    /// <summary>Adds a run of positions: where it starts in the padded rows, where in the panel, and its length, in bytes.</summary>
    public void Add(long from, long to, long bytes)
    {
        for (long done = 0; done < bytes; done += _vector)
        {
            _from[_pieces] = from + done;
            _to[_pieces++] = to + done;
        }
    }

    /// <summary>Packs <paramref name="depth"/> taps, each at its offset from the padded rows' start.</summary>
    public readonly void Pack(byte* rows, long* offsets, int depth, byte* panel, long stride)
    {
        if (_vector == 64) Pack<Vector512<byte>>(rows, offsets, depth, panel, stride);
        else if (_vector == 32) Pack<Vector256<byte>>(rows, offsets, depth, panel, stride);
        else Pack<Vector128<byte>>(rows, offsets, depth, panel, stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Pack<TVector>(byte* rows, long* offsets, int depth, byte* panel, long stride)
        where TVector : unmanaged
    {
        long* from = _from, to = _to;
        int pieces = _pieces;
        // An odd piece is copied twice.
        (from[pieces], to[pieces]) = (from[pieces - 1], to[pieces - 1]);
        for (int k = 0; k < depth; k++, panel += stride)
        {
            byte* source = rows + offsets[k];
            for (int i = 0; i < pieces; i += 2)
            {
                Unsafe.WriteUnaligned(panel + to[i], Unsafe.ReadUnaligned<TVector>(source + from[i]));
                Unsafe.WriteUnaligned(panel + to[i + 1], Unsafe.ReadUnaligned<TVector>(source + from[i + 1]));
            }
        }
    }
}
