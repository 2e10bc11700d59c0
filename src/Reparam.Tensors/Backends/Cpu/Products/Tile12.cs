using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>The register tile of 12 rows: each accumulator is a local, so that the JIT keeps it in a register.</summary>
internal static unsafe class Tile12
{
    /// <summary>c[12 rows, two vectors] (+)= packed a times packed b, then + bias if it is not null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Wide<L>(byte* a, long strideA, byte* b, long strideB, int depth, byte* c, long strideC, byte* bias, bool accumulate)
        where L : struct, ILanes<L>
    {
        int element = L.ElementSize;
        int vector = L.Count * L.ElementSize;
        L c0a = L.Zero, c0b = L.Zero;
        L c1a = L.Zero, c1b = L.Zero;
        L c2a = L.Zero, c2b = L.Zero;
        L c3a = L.Zero, c3b = L.Zero;
        L c4a = L.Zero, c4b = L.Zero;
        L c5a = L.Zero, c5b = L.Zero;
        L c6a = L.Zero, c6b = L.Zero;
        L c7a = L.Zero, c7b = L.Zero;
        L c8a = L.Zero, c8b = L.Zero;
        L c9a = L.Zero, c9b = L.Zero;
        L c10a = L.Zero, c10b = L.Zero;
        L c11a = L.Zero, c11b = L.Zero;
        for (; depth > 0; depth--)
        {
            L b0 = L.Load(b);
            L b1 = L.Load(b + vector);
            L row = L.Broadcast(a);
            c0a = L.Fma(row, b0, c0a);
            c0b = L.Fma(row, b1, c0b);
            row = L.Broadcast(a + element);
            c1a = L.Fma(row, b0, c1a);
            c1b = L.Fma(row, b1, c1b);
            row = L.Broadcast(a + 2 * element);
            c2a = L.Fma(row, b0, c2a);
            c2b = L.Fma(row, b1, c2b);
            row = L.Broadcast(a + 3 * element);
            c3a = L.Fma(row, b0, c3a);
            c3b = L.Fma(row, b1, c3b);
            row = L.Broadcast(a + 4 * element);
            c4a = L.Fma(row, b0, c4a);
            c4b = L.Fma(row, b1, c4b);
            row = L.Broadcast(a + 5 * element);
            c5a = L.Fma(row, b0, c5a);
            c5b = L.Fma(row, b1, c5b);
            row = L.Broadcast(a + 6 * element);
            c6a = L.Fma(row, b0, c6a);
            c6b = L.Fma(row, b1, c6b);
            row = L.Broadcast(a + 7 * element);
            c7a = L.Fma(row, b0, c7a);
            c7b = L.Fma(row, b1, c7b);
            row = L.Broadcast(a + 8 * element);
            c8a = L.Fma(row, b0, c8a);
            c8b = L.Fma(row, b1, c8b);
            row = L.Broadcast(a + 9 * element);
            c9a = L.Fma(row, b0, c9a);
            c9b = L.Fma(row, b1, c9b);
            row = L.Broadcast(a + 10 * element);
            c10a = L.Fma(row, b0, c10a);
            c10b = L.Fma(row, b1, c10b);
            row = L.Broadcast(a + 11 * element);
            c11a = L.Fma(row, b0, c11a);
            c11b = L.Fma(row, b1, c11b);
            a += strideA;
            b += strideB;
        }

        TileStore.Add(c, c0a, bias, bias != null, accumulate);
        TileStore.Add(c + vector, c0b, bias + vector, bias != null, accumulate);
        c += strideC;
        TileStore.Add(c, c1a, bias, bias != null, accumulate);
        TileStore.Add(c + vector, c1b, bias + vector, bias != null, accumulate);
        c += strideC;
        TileStore.Add(c, c2a, bias, bias != null, accumulate);
        TileStore.Add(c + vector, c2b, bias + vector, bias != null, accumulate);
        c += strideC;
        TileStore.Add(c, c3a, bias, bias != null, accumulate);
        TileStore.Add(c + vector, c3b, bias + vector, bias != null, accumulate);
        c += strideC;
        TileStore.Add(c, c4a, bias, bias != null, accumulate);
        TileStore.Add(c + vector, c4b, bias + vector, bias != null, accumulate);
        c += strideC;
        TileStore.Add(c, c5a, bias, bias != null, accumulate);
        TileStore.Add(c + vector, c5b, bias + vector, bias != null, accumulate);
        c += strideC;
        TileStore.Add(c, c6a, bias, bias != null, accumulate);
        TileStore.Add(c + vector, c6b, bias + vector, bias != null, accumulate);
        c += strideC;
        TileStore.Add(c, c7a, bias, bias != null, accumulate);
        TileStore.Add(c + vector, c7b, bias + vector, bias != null, accumulate);
        c += strideC;
        TileStore.Add(c, c8a, bias, bias != null, accumulate);
        TileStore.Add(c + vector, c8b, bias + vector, bias != null, accumulate);
        c += strideC;
        TileStore.Add(c, c9a, bias, bias != null, accumulate);
        TileStore.Add(c + vector, c9b, bias + vector, bias != null, accumulate);
        c += strideC;
        TileStore.Add(c, c10a, bias, bias != null, accumulate);
        TileStore.Add(c + vector, c10b, bias + vector, bias != null, accumulate);
        c += strideC;
        TileStore.Add(c, c11a, bias, bias != null, accumulate);
        TileStore.Add(c + vector, c11b, bias + vector, bias != null, accumulate);
    }

    /// <summary>c[12 rows, one vector] (+)= packed a times packed b, then + bias if it is not null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Narrow<L>(byte* a, long strideA, byte* b, long strideB, int depth, byte* c, long strideC, byte* bias, bool accumulate)
        where L : struct, ILanes<L>
    {
        int element = L.ElementSize;
        L c0a = L.Zero;
        L c1a = L.Zero;
        L c2a = L.Zero;
        L c3a = L.Zero;
        L c4a = L.Zero;
        L c5a = L.Zero;
        L c6a = L.Zero;
        L c7a = L.Zero;
        L c8a = L.Zero;
        L c9a = L.Zero;
        L c10a = L.Zero;
        L c11a = L.Zero;
        for (; depth > 0; depth--)
        {
            L b0 = L.Load(b);
            L row = L.Broadcast(a);
            c0a = L.Fma(row, b0, c0a);
            row = L.Broadcast(a + element);
            c1a = L.Fma(row, b0, c1a);
            row = L.Broadcast(a + 2 * element);
            c2a = L.Fma(row, b0, c2a);
            row = L.Broadcast(a + 3 * element);
            c3a = L.Fma(row, b0, c3a);
            row = L.Broadcast(a + 4 * element);
            c4a = L.Fma(row, b0, c4a);
            row = L.Broadcast(a + 5 * element);
            c5a = L.Fma(row, b0, c5a);
            row = L.Broadcast(a + 6 * element);
            c6a = L.Fma(row, b0, c6a);
            row = L.Broadcast(a + 7 * element);
            c7a = L.Fma(row, b0, c7a);
            row = L.Broadcast(a + 8 * element);
            c8a = L.Fma(row, b0, c8a);
            row = L.Broadcast(a + 9 * element);
            c9a = L.Fma(row, b0, c9a);
            row = L.Broadcast(a + 10 * element);
            c10a = L.Fma(row, b0, c10a);
            row = L.Broadcast(a + 11 * element);
            c11a = L.Fma(row, b0, c11a);
            a += strideA;
            b += strideB;
        }

        TileStore.Add(c, c0a, bias, bias != null, accumulate);
        c += strideC;
        TileStore.Add(c, c1a, bias, bias != null, accumulate);
        c += strideC;
        TileStore.Add(c, c2a, bias, bias != null, accumulate);
        c += strideC;
        TileStore.Add(c, c3a, bias, bias != null, accumulate);
        c += strideC;
        TileStore.Add(c, c4a, bias, bias != null, accumulate);
        c += strideC;
        TileStore.Add(c, c5a, bias, bias != null, accumulate);
        c += strideC;
        TileStore.Add(c, c6a, bias, bias != null, accumulate);
        c += strideC;
        TileStore.Add(c, c7a, bias, bias != null, accumulate);
        c += strideC;
        TileStore.Add(c, c8a, bias, bias != null, accumulate);
        c += strideC;
        TileStore.Add(c, c9a, bias, bias != null, accumulate);
        c += strideC;
        TileStore.Add(c, c10a, bias, bias != null, accumulate);
        c += strideC;
        TileStore.Add(c, c11a, bias, bias != null, accumulate);
    }
}
