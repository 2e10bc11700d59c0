using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>
/// A panel of the right operand of a product, made of patches: for each tap, the elements of neighbouring positions
/// side by side. The positions form runs that are contiguous in the padded rows too, and the runs are the same for
/// every tap. If the machine has a permutation of two vectors, it gathers short runs that are close to each other.
/// Otherwise each run is copied in whole vectors, and the next run overwrites the surplus elements.
/// </summary>
internal unsafe ref struct PatchPanel
{
    /// <summary>Bytes after the padded rows that a permutation may read.</summary>
    public const int SourceSlack = 128;

    public const int TableLength = 2 * MaxPieces + MaxColumns;

    private const int MaxPieces = 66, MaxColumns = 32, HalfColumns = 16;

    private readonly long* _from, _to, _columns;
    private readonly int _vector;
    private readonly bool _mayPermute;
    private int _pieces, _filled;

    /// <param name="table">Memory for <see cref="TableLength"/> numbers.</param>
    /// <param name="rowBytes">Bytes of a whole row of positions: the vectors are not longer than needed for it.</param>
    /// <param name="mayPermute">Whether the elements are Float32 and the rows have <see cref="SourceSlack"/>.</param>
    public PatchPanel(long* table, long rowBytes, bool mayPermute)
    {
        _from = table;
        _to = table + MaxPieces;
        _columns = table + 2 * MaxPieces;
        _vector = rowBytes <= 16 || !Vector256.IsHardwareAccelerated ? 16 : rowBytes <= 32
            || !Vector512.IsHardwareAccelerated ? 32 : 64;
        _mayPermute = mayPermute && Vector512.IsHardwareAccelerated && Avx512F.IsSupported;
    }

    /// <summary>Adds a run of positions: its start in the padded rows, its start in the panel, and its length, all in
    /// bytes.</summary>
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

    /// <summary>Packs <paramref name="depth"/> taps, each at its offset from the start of the padded rows.</summary>
    public readonly void Pack(byte* rows, long* offsets, int depth, byte* panel, long stride)
    {
        if (_mayPermute && _pieces > 2)
        {
            // Missing columns of the panel repeat the last column.
            for (int i = _filled; i < MaxColumns; i++) _columns[i] = _columns[_filled - 1];
            Half left = new(_columns), right = new(_columns + HalfColumns);
            if (left.Fits && right.Fits)
            {
                if (left.IsWhole && right.IsWhole) Permute(rows, offsets, depth, panel, left, right);
                else PermuteParts(rows, offsets, depth, panel, left, right);
                return;
            }
        }

        if (_vector == 64) Copy<Vector512<byte>>(rows, offsets, depth, panel, stride);
        else if (_vector == 32) Copy<Vector256<byte>>(rows, offsets, depth, panel, stride);
        else Copy<Vector128<byte>>(rows, offsets, depth, panel, stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Permute(byte* rows, long* offsets, int depth, byte* panel, in Half left, in Half right)
    {
        Vector512<uint> leftPlaces = left.Places, rightPlaces = right.Places;
        byte* first = rows + left.Start, second = rows + right.Start;
        for (int k = 0; k < depth; k++, panel += 128)
        {
            long offset = offsets[k];
            Vector512.Store(Gather(first + offset, leftPlaces), (uint*)panel);
            Vector512.Store(Gather(second + offset, rightPlaces), (uint*)(panel + 64));
        }
    }

    /// <summary>As <see cref="Permute"/>, for a panel in which a half continues from one image to the next: the columns
    /// after the gap are gathered separately.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void PermuteParts(byte* rows, long* offsets, int depth, byte* panel, in Half left, in Half right)
    {
        Vector512<uint> leftPlaces = left.Places, leftMask = left.Mask, rightPlaces = right.Places,
            rightMask = right.Mask;
        byte* a = rows + left.Start, b = rows + left.Next, c = rows + right.Start, d = rows + right.Next;
        for (int k = 0; k < depth; k++, panel += 128)
        {
            long offset = offsets[k];
            Vector512.Store(Vector512.ConditionalSelect(
                leftMask, Gather(b + offset, leftPlaces), Gather(a + offset, leftPlaces)), (uint*)panel);
            Vector512.Store(Vector512.ConditionalSelect(
                rightMask, Gather(d + offset, rightPlaces), Gather(c + offset, rightPlaces)), (uint*)(panel + 64));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Gather(byte* source, Vector512<uint> places) =>
        Avx512F.PermuteVar16x32x2(Vector512.Load((uint*)source), places, Vector512.Load((uint*)(source + 64)));

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private readonly void Copy<TVector>(byte* rows, long* offsets, int depth, byte* panel, long stride)
        where TVector : unmanaged
    {
        long* from = _from, to = _to;
        int pieces = _pieces;
        // If the number of pieces is odd, the last piece is copied twice.
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

    /// <summary>The places of 16 columns in the two vectors that start at the first column, and, for the columns after
    /// a gap, in the two vectors that start at the first column after the gap.</summary>
    private readonly struct Half
    {
        public readonly long Start, Next;
        public readonly Vector512<uint> Places, Mask;
        public readonly bool Fits, IsWhole;

        public Half(long* columns)
        {
            uint* places = stackalloc uint[HalfColumns], after = stackalloc uint[HalfColumns];
            (Start, Next) = (columns[0], columns[0]);
            (Fits, IsWhole) = (true, true);
            for (int i = 0; i < HalfColumns; i++)
            {
                long place = (columns[i] - Next) / sizeof(float);
                if (place is < 0 or >= 2 * HalfColumns)
                {
                    Fits = IsWhole;
                    IsWhole = false;
                    Next = columns[i];
                    place = 0;
                    if (!Fits) break;
                }

                places[i] = (uint)place;
                after[i] = IsWhole ? 0 : uint.MaxValue;
            }

            (Places, Mask) = (Vector512.Load(places), Vector512.Load(after));
        }
    }
}
