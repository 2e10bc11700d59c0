using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>Reduction over rows: every column combines its rows in order, and neighbouring columns are
/// contiguous.</summary>
internal static unsafe class ColumnReduction
{
    /// <summary>Number of rows that are reduced in one chain; the results of the chunks are then reduced in
    /// order.</summary>
    public const int ChunkRows = 128;

    /// <summary>Number of columns of one chunk.</summary>
    public const int ChunkColumns = 1024;

    /// <summary>y[c] = the combination of x[r * stride + c] over r, for one range of rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Columns<L, TCombiner>(byte* x, int rows, long stride, byte* y, int columns)
        where L : struct, ILanes<L>
        where TCombiner : struct, ICombiner
    {
        long vector = L.Count * L.ElementSize, size = (long)columns * L.ElementSize, c = 0;
        L identity = L.Of(TCombiner.Identity);
        for (; c <= size - 4 * vector; c += 4 * vector)
        {
            L t0 = identity, t1 = identity, t2 = identity, t3 = identity;
            byte* p = x + c;
            for (int row = 0; row < rows; row++, p += stride)
            {
                t0 = TCombiner.Combine(t0, L.Load(p));
                t1 = TCombiner.Combine(t1, L.Load(p + vector));
                t2 = TCombiner.Combine(t2, L.Load(p + 2 * vector));
                t3 = TCombiner.Combine(t3, L.Load(p + 3 * vector));
            }

            L.Store(t0, y + c);
            L.Store(t1, y + c + vector);
            L.Store(t2, y + c + 2 * vector);
            L.Store(t3, y + c + 3 * vector);
        }

        for (; c < size; c += vector)
        {
            L total = identity;
            byte* p = x + c;
            for (int row = 0; row < rows; row++, p += stride) total = TCombiner.Combine(total, L.Load(p));
            if (c + vector <= size) L.Store(total, y + c);
            else Partial.Store(total, y + c, size - c);
        }
    }
}
