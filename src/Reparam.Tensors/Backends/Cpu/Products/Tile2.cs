using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>The register tile of 2 rows: each accumulator is a local, so that the JIT keeps it in a register.</summary>
internal static unsafe class Tile2
{
    /// <summary>c[2 rows, two vectors] (+)= packed a times packed b, then + bias if it is not null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Wide<L>(byte* a, long strideA, byte* b, long strideB, int depth, byte* c, long strideC, byte* bias, bool accumulate)
        where L : struct, ILanes<L>
    {
        int element = L.ElementSize;
        int vector = L.Count * L.ElementSize;
        L c0a = L.Zero, c0b = L.Zero;
        L c1a = L.Zero, c1b = L.Zero;
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
            a += strideA;
            b += strideB;
        }

        TileStore.Add(c, c0a, bias, bias != null, accumulate);
        TileStore.Add(c + vector, c0b, bias + vector, bias != null, accumulate);
        c += strideC;
        TileStore.Add(c, c1a, bias, bias != null, accumulate);
        TileStore.Add(c + vector, c1b, bias + vector, bias != null, accumulate);
    }

    /// <summary>c[2 rows, one vector] (+)= packed a times packed b, then + bias if it is not null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Narrow<L>(byte* a, long strideA, byte* b, long strideB, int depth, byte* c, long strideC, byte* bias, bool accumulate)
        where L : struct, ILanes<L>
    {
        int element = L.ElementSize;
        L c0a = L.Zero;
        L c1a = L.Zero;
        for (; depth > 0; depth--)
        {
            L b0 = L.Load(b);
            L row = L.Broadcast(a);
            c0a = L.Fma(row, b0, c0a);
            row = L.Broadcast(a + element);
            c1a = L.Fma(row, b0, c1a);
            a += strideA;
            b += strideB;
        }

        TileStore.Add(c, c0a, bias, bias != null, accumulate);
        c += strideC;
        TileStore.Add(c, c1a, bias, bias != null, accumulate);
    }
}
