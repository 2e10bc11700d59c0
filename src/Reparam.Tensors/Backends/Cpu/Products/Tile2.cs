using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>The register tile of 2 rows: each accumulator is a local, so that the JIT keeps it in a register.</summary>
internal static unsafe class Tile2
{
    /// <summary>c[2 rows, two vectors] (+)= a b, then + bias if it is not null. Element (r, k) of a lies at a + r rowA
    /// + k stepA, row k of b at b + k stepB.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Wide<L>(byte* a, long rowA, long stepA, byte* b, long stepB, int depth, byte* c, long strideC,
        byte* bias, bool accumulate)
        where L : struct, ILanes<L>
    {
        int vector = L.Count * L.ElementSize;
        L c0a = L.Zero, c0b = L.Zero;
        L c1a = L.Zero, c1b = L.Zero;
        for (; depth > 0; depth--)
        {
            L b0 = L.Load(b);
            L b1 = L.Load(b + vector);
            byte* at = a;
            L row = L.Broadcast(at);
            c0a = L.Fma(row, b0, c0a);
            c0b = L.Fma(row, b1, c0b);
            at += rowA;
            row = L.Broadcast(at);
            c1a = L.Fma(row, b0, c1a);
            c1b = L.Fma(row, b1, c1b);
            a += stepA;
            b += stepB;
        }

        TileStore.Add(c, c0a, bias, accumulate);
        TileStore.Add(c + vector, c0b, bias == null ? null : bias + vector, accumulate);
        c += strideC;
        TileStore.Add(c, c1a, bias, accumulate);
        TileStore.Add(c + vector, c1b, bias == null ? null : bias + vector, accumulate);
    }

    /// <summary>c[2 rows, one vector] (+)= a b, then + bias if it is not null. Element (r, k) of a lies at a + r rowA +
    /// k stepA, row k of b at b + k stepB.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Narrow<L>(byte* a, long rowA, long stepA, byte* b, long stepB, int depth, byte* c, long strideC,
        byte* bias, bool accumulate)
        where L : struct, ILanes<L>
    {
        L c0a = L.Zero;
        L c1a = L.Zero;
        for (; depth > 0; depth--)
        {
            L b0 = L.Load(b);
            byte* at = a;
            L row = L.Broadcast(at);
            c0a = L.Fma(row, b0, c0a);
            at += rowA;
            row = L.Broadcast(at);
            c1a = L.Fma(row, b0, c1a);
            a += stepA;
            b += stepB;
        }

        TileStore.Add(c, c0a, bias, accumulate);
        c += strideC;
        TileStore.Add(c, c1a, bias, accumulate);
    }
}
