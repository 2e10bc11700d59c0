using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>The two ways of combining values in a reduction.</summary>
internal interface ICombiner
{
    static abstract double Identity { get; }

    static abstract L Combine<L>(L total, L value) where L : struct, ILanes<L>;
}

internal readonly struct SumCombiner : ICombiner
{
    public static double Identity => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Combine<L>(L total, L value) where L : struct, ILanes<L> => total + value;
}

internal readonly struct MaxCombiner : ICombiner
{
    public static double Identity => double.NegativeInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Combine<L>(L total, L value) where L : struct, ILanes<L> => Bits.Maximum(total, value);
}

/// <summary>
/// Reduction of contiguous elements in the canonical tree: lane l of 32 takes elements l, l + 32, ... in order, then
/// lanes are folded 16 + 16, 8 + 8, 4 + 4, 2 + 2, 1 + 1. Rows longer than <see cref="BlockLength"/> are cut into
/// blocks, and the results of the blocks are reduced in the same way.
/// </summary>
internal static unsafe class RowReduction
{
    public const int BlockLength = 4096;

    public const int LaneCount = 32;

    /// <summary>Reduces up to one block to the element at <paramref name="y"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Block<L, TCombiner>(byte* x, int length, byte* y)
        where L : struct, ILanes<L>
        where TCombiner : struct, ICombiner
    {
        byte* lanes = stackalloc byte[LaneCount * 8];
        long vector = L.Count * L.ElementSize, tile = LaneCount * L.ElementSize;
        long whole = length / LaneCount * tile;
        L identity = L.Of(TCombiner.Identity);

        // Four vectors of lanes at a time (two where the lanes are only two vectors wide) hide the latency of the
        // additions.
        if (LaneCount / L.Count == 2)
        {
            L t0 = identity, t1 = identity;
            for (long i = 0; i < whole; i += tile)
            {
                t0 = TCombiner.Combine(t0, L.Load(x + i));
                t1 = TCombiner.Combine(t1, L.Load(x + i + vector));
            }

            L.Store(t0, lanes);
            L.Store(t1, lanes + vector);
        }
        else
        {
            for (long at = 0; at < tile; at += 4 * vector)
            {
                L t0 = identity, t1 = identity, t2 = identity, t3 = identity;
                for (long i = at; i < whole; i += tile)
                {
                    t0 = TCombiner.Combine(t0, L.Load(x + i));
                    t1 = TCombiner.Combine(t1, L.Load(x + i + vector));
                    t2 = TCombiner.Combine(t2, L.Load(x + i + 2 * vector));
                    t3 = TCombiner.Combine(t3, L.Load(x + i + 3 * vector));
                }

                L.Store(t0, lanes + at);
                L.Store(t1, lanes + at + vector);
                L.Store(t2, lanes + at + 2 * vector);
                L.Store(t3, lanes + at + 3 * vector);
            }
        }

        int rest = length % LaneCount;
        if (L.IsSingle) Fold<Lanes128<float>, TCombiner>(lanes, x + whole, rest, y);
        else Fold<Lanes128<double>, TCombiner>(lanes, x + whole, rest, y);
    }

    /// <summary>Adds the rest of the block and folds the lanes, with 128-bit vectors, which every machine
    /// has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fold<L, TCombiner>(byte* lanes, byte* rest, int count, byte* y)
        where L : struct, ILanes<L>
        where TCombiner : struct, ICombiner
    {
        int size = L.ElementSize, step = Vector128<byte>.Count, i = 0;
        for (; i <= count * size - step; i += step)
            L.Store(TCombiner.Combine(L.Load(lanes + i), L.Load(rest + i)), lanes + i);
        for (; i < count * size; i += size) Element<L, TCombiner>(lanes + i, lanes + i, rest + i);
        for (int half = LaneCount / 2; half >= L.Count; half /= 2)
        {
            for (int j = 0; j < half * size; j += step)
                L.Store(TCombiner.Combine(L.Load(lanes + j), L.Load(lanes + j + half * size)), lanes + j);
        }

        for (int half = L.Count / 2; half >= 1; half /= 2)
        {
            for (int j = 0; j < half * size; j += size)
                Element<L, TCombiner>(lanes + j, lanes + j, lanes + j + half * size);
        }

        Unsafe.CopyBlockUnaligned(y, lanes, (uint)size);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Element<L, TCombiner>(byte* target, byte* a, byte* b)
        where L : struct, ILanes<L>
        where TCombiner : struct, ICombiner
    {
        double value = L.First(TCombiner.Combine(L.Broadcast(a), L.Broadcast(b)));
        if (L.IsSingle) *(float*)target = (float)value;
        else *(double*)target = value;
    }
}
