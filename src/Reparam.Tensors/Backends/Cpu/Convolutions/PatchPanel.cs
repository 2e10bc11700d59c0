using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>
/// A panel of the right operand of a product made of patches: neighbouring positions side by side, for tap after tap. The positions are runs
/// that lie side by side in the padded rows too, the same runs for every tap. Short runs close to each other are gathered by a permutation of two
/// vectors where the machine has one; otherwise each run is copied in whole vectors, and what a vector brings too much is overwritten by the next.
/// </summary>
internal unsafe ref struct PatchPanel
{
    /// <summary>Bytes behind the padded rows that a permutation may read.</summary>
    public const int SourceSlack = 128;

    public const int TableLength = 2 * MaxPieces + MaxColumns;

    private const int MaxPieces = 66, MaxColumns = 32, HalfColumns = 16;

    private readonly long* _from, _to, _columns;
    private readonly int _vector;
    private readonly bool _mayPermute;
    private int _pieces, _filled;

    /// <param name="table">Room for <see cref="TableLength"/> numbers.</param>
    /// <param name="rowBytes">Bytes of a whole row of positions: the vectors are no longer than they need be.</param>
    /// <param name="mayPermute">Whether the elements are Float32 and the rows have <see cref="SourceSlack"/>.</param>
    public PatchPanel(long* table, long rowBytes, bool mayPermute)
    {
        _from = table;
        _to = table + MaxPieces;
        _columns = table + 2 * MaxPieces;
        _vector = rowBytes <= 16 || !Vector256.IsHardwareAccelerated ? 16 : rowBytes <= 32 || !Vector512.IsHardwareAccelerated ? 32 : 64;
        _mayPermute = mayPermute && Vector512.IsHardwareAccelerated && Avx512F.IsSupported;
    }

    /// <summary>Adds a run of positions: where it starts in the padded rows, where in the panel, and its length, in bytes.</summary>
    public void Add(long from, long to, long bytes)
    {
        for (long done = 0; done < bytes; done += _vector)
        {
            _from[_pieces] = from + done;
            _to[_pieces++] = to + done;
        }

        if (!_mayPermute) return;
        for (long done = 0; done < bytes; done += sizeof(float)) _columns[_filled++] = from + done;
    }

    /// <summary>Packs <paramref name="depth"/> taps, each at its offset from the padded rows' start.</summary>
    public readonly void Pack(byte* rows, long* offsets, int depth, byte* panel, long stride)
    {
        if (_mayPermute && _pieces > 2)
        {
            // Columns that the panel lacks repeat the last one.
            for (int i = _filled; i < MaxColumns; i++) _columns[i] = _columns[_filled - 1];
            uint* indices = stackalloc uint[MaxColumns];
            if (Indices(_columns, indices) && Indices(_columns + HalfColumns, indices + HalfColumns))
            {
                Permute(rows, offsets, depth, panel, Vector512.Load(indices), Vector512.Load(indices + HalfColumns));
                return;
            }
        }

        if (_vector == 64) Copy<Vector512<byte>>(rows, offsets, depth, panel, stride);
        else if (_vector == 32) Copy<Vector256<byte>>(rows, offsets, depth, panel, stride);
        else Copy<Vector128<byte>>(rows, offsets, depth, panel, stride);
    }

    /// <summary>The places of 16 columns in the two vectors from the first column on; false where they do not all lie there.</summary>
    private static bool Indices(long* columns, uint* indices)
    {
        for (int i = 0; i < HalfColumns; i++)
        {
            long index = (columns[i] - columns[0]) / sizeof(float);
            if (index is < 0 or >= 2 * HalfColumns) return false;
            indices[i] = (uint)index;
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Permute(byte* rows, long* offsets, int depth, byte* panel, Vector512<uint> left, Vector512<uint> right)
    {
        byte* first = rows + _columns[0], second = rows + _columns[HalfColumns];
        for (int k = 0; k < depth; k++, panel += 128)
        {
            long offset = offsets[k];
            Vector512<uint> a = Vector512.Load((uint*)(first + offset)), b = Vector512.Load((uint*)(first + offset + 64));
            Vector512<uint> c = Vector512.Load((uint*)(second + offset)), d = Vector512.Load((uint*)(second + offset + 64));
            Vector512.Store(Avx512F.PermuteVar16x32x2(a, left, b), (uint*)panel);
            Vector512.Store(Avx512F.PermuteVar16x32x2(c, right, d), (uint*)(panel + 64));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Copy<TVector>(byte* rows, long* offsets, int depth, byte* panel, long stride)
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
