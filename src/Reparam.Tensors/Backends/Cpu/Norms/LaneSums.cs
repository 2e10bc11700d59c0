using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>A term of a sum over contiguous elements, computed from elements a and b and a constant.</summary>
internal interface ISumTerm
{
    /// <summary>Whether the term reads b.</summary>
    static abstract bool IsBinary { get; }

    /// <summary>total + term.</summary>
    static abstract L Add<L>(L total, L a, L b, L center) where L : struct, ILanes<L>;

    /// <summary>The element a for which, with b = center, the term is 0.</summary>
    static abstract L Neutral<L>(L center) where L : struct, ILanes<L>;
}

/// <summary>Sum of a.</summary>
internal readonly struct ValueTerm : ISumTerm
{
    public static bool IsBinary => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Add<L>(L total, L a, L b, L center) where L : struct, ILanes<L> => total + a;

    public static L Neutral<L>(L center) where L : struct, ILanes<L> => L.Zero;
}

/// <summary>Sum of (a - center)^2.</summary>
internal readonly struct SquaredDeviationTerm : ISumTerm
{
    public static bool IsBinary => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Add<L>(L total, L a, L b, L center) where L : struct, ILanes<L>
    {
        L deviation = a - center;
        return L.Fma(deviation, deviation, total);
    }

    public static L Neutral<L>(L center) where L : struct, ILanes<L> => center;
}

/// <summary>Sum of a (b - center).</summary>
internal readonly struct CenteredProductTerm : ISumTerm
{
    public static bool IsBinary => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Add<L>(L total, L a, L b, L center) where L : struct, ILanes<L> => L.Fma(a, b - center, total);

    public static L Neutral<L>(L center) where L : struct, ILanes<L> => L.Zero;
}

/// <summary>
/// Sums of terms over contiguous elements in the canonical tree of <see cref="RowReduction"/>: 32 lanes, folded by
/// halves, over blocks of fixed length; the blocks are added in order in double.
/// </summary>
internal static unsafe class LaneSums
{
    public static double Sum<L, TTerm>(byte* a, byte* b, long length, L center)
        where L : struct, ILanes<L>
        where TTerm : struct, ISumTerm
    {
        double total = 0;
        for (long start = 0; start < length; start += RowReduction.BlockLength)
        {
            total += Block<L, TTerm>(a + start * L.ElementSize, b + start * L.ElementSize,
                (int)Math.Min(RowReduction.BlockLength, length - start), center);
        }

        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static double Block<L, TTerm>(byte* a, byte* b, int length, L center)
        where L : struct, ILanes<L>
        where TTerm : struct, ISumTerm
    {
        byte* lanes = stackalloc byte[RowReduction.LaneCount * 8];
        long vector = L.Count * L.ElementSize, tile = RowReduction.LaneCount * L.ElementSize,
            whole = length / RowReduction.LaneCount * tile;

        // Four vectors of lanes at a time (two where the lanes are only two vectors wide) hide the latency of the
        // additions.
        if (RowReduction.LaneCount / L.Count == 2)
        {
            L t0 = L.Zero, t1 = L.Zero;
            for (long i = 0; i < whole; i += tile)
            {
                t0 = Add<L, TTerm>(t0, a + i, b + i, center);
                t1 = Add<L, TTerm>(t1, a + i + vector, b + i + vector, center);
            }

            L.Store(t0, lanes);
            L.Store(t1, lanes + vector);
        }
        else
        {
            for (long at = 0; at < tile; at += 4 * vector)
            {
                L t0 = L.Zero, t1 = L.Zero, t2 = L.Zero, t3 = L.Zero;
                for (long i = at; i < whole; i += tile)
                {
                    t0 = Add<L, TTerm>(t0, a + i, b + i, center);
                    t1 = Add<L, TTerm>(t1, a + i + vector, b + i + vector, center);
                    t2 = Add<L, TTerm>(t2, a + i + 2 * vector, b + i + 2 * vector, center);
                    t3 = Add<L, TTerm>(t3, a + i + 3 * vector, b + i + 3 * vector, center);
                }

                L.Store(t0, lanes + at);
                L.Store(t1, lanes + at + vector);
                L.Store(t2, lanes + at + 2 * vector);
                L.Store(t3, lanes + at + 3 * vector);
            }
        }

        int rest = length % RowReduction.LaneCount;
        if (rest > 0) AddRest<L, TTerm>(lanes, a + whole, b + whole, rest, center);
        double sum;
        if (L.IsSingle)
        {
            float folded;
            RowReduction.Fold<Lanes128<float>, SumCombiner>(lanes, null, 0, (byte*)&folded);
            sum = folded;
        }
        else
        {
            RowReduction.Fold<Lanes128<double>, SumCombiner>(lanes, null, 0, (byte*)&sum);
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Add<L, TTerm>(L total, byte* a, byte* b, L center)
        where L : struct, ILanes<L>
        where TTerm : struct, ISumTerm
    {
        L first = L.Load(a);
        return TTerm.Add(total, first, TTerm.IsBinary ? L.Load(b) : first, center);
    }

    /// <summary>Adds the last, partial row of lanes, filled up with elements whose term is 0.</summary>
    private static void AddRest<L, TTerm>(byte* lanes, byte* a, byte* b, int count, L center)
        where L : struct, ILanes<L>
        where TTerm : struct, ISumTerm
    {
        byte* first = stackalloc byte[RowReduction.LaneCount * 8], second = stackalloc byte[RowReduction.LaneCount * 8];
        long vector = L.Count * L.ElementSize, tile = RowReduction.LaneCount * L.ElementSize,
            size = (long)count * L.ElementSize;
        L neutral = TTerm.Neutral(center);
        for (long i = 0; i < tile; i += vector)
        {
            L.Store(neutral, first + i);
            L.Store(center, second + i);
        }

        Unsafe.CopyBlockUnaligned(first, a, (uint)size);
        if (TTerm.IsBinary) Unsafe.CopyBlockUnaligned(second, b, (uint)size);
        for (long i = 0; i < tile; i += vector)
            L.Store(Add<L, TTerm>(L.Load(lanes + i), first + i, second + i, center), lanes + i);
    }
}
