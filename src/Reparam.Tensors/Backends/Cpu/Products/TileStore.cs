using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>The end of a block of the inner dimension: (c + block) + bias, in this order.</summary>
internal static unsafe class TileStore
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add<L>(byte* c, L sum, byte* bias, bool hasBias, bool accumulate) where L : struct, ILanes<L>
    {
        if (accumulate) sum = L.Load(c) + sum;
        if (hasBias) sum += L.Load(bias);
        L.Store(sum, c);
    }

    /// <summary>Moves a tile computed beside c into its place, where c has fewer rows or columns than the tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Merge<L>(byte* tile, long strideTile, byte* c, long strideC, int rows, int columns, byte* bias, bool accumulate)
        where L : struct, ILanes<L>
    {
        long vector = L.Count * L.ElementSize, size = (long)columns * L.ElementSize;
        for (; rows > 0; rows--, tile += strideTile, c += strideC)
        {
            for (long i = 0; i < size; i += vector)
            {
                L sum = L.Load(tile + i);
                if (accumulate) sum = L.Load(c + i) + sum;
                if (bias != null) sum += L.Load(bias + i);
                if (i + vector <= size) L.Store(sum, c + i);
                else Partial.Store(sum, c + i, size - i);
            }
        }
    }
}
