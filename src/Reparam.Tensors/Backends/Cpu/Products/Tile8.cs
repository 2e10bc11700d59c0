using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>The register tile of 8 rows: each accumulator is a local, so that the JIT keeps it in a register.</summary>
internal static unsafe class Tile8
{
    /// <summary>The product a b for a tile of 8 rows, two vectors wide, which is stored in c or added to it; then the
    /// bias is added if it is not null. Element (r, k) of a lies at a + r * rowA + k * stepA, row k of b at
    /// b + k * stepB.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Wide<L>(byte* a, long rowA, long stepA, byte* b, long stepB, int depth, byte* c, long strideC,
        byte* bias, bool accumulate)
        where L : struct, ILanes<L>
    {
        int vector = L.Count * L.ElementSize;
        L c0a = L.Zero, c0b = L.Zero;
        L c1a = L.Zero, c1b = L.Zero;
        L c2a = L.Zero, c2b = L.Zero;
        L c3a = L.Zero, c3b = L.Zero;
        L c4a = L.Zero, c4b = L.Zero;
        L c5a = L.Zero, c5b = L.Zero;
        L c6a = L.Zero, c6b = L.Zero;
        L c7a = L.Zero, c7b = L.Zero;
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
            at += rowA;
            row = L.Broadcast(at);
            c2a = L.Fma(row, b0, c2a);
            c2b = L.Fma(row, b1, c2b);
            at += rowA;
            row = L.Broadcast(at);
            c3a = L.Fma(row, b0, c3a);
            c3b = L.Fma(row, b1, c3b);
            at += rowA;
            row = L.Broadcast(at);
            c4a = L.Fma(row, b0, c4a);
            c4b = L.Fma(row, b1, c4b);
            at += rowA;
            row = L.Broadcast(at);
            c5a = L.Fma(row, b0, c5a);
            c5b = L.Fma(row, b1, c5b);
            at += rowA;
            row = L.Broadcast(at);
            c6a = L.Fma(row, b0, c6a);
            c6b = L.Fma(row, b1, c6b);
            at += rowA;
            row = L.Broadcast(at);
            c7a = L.Fma(row, b0, c7a);
            c7b = L.Fma(row, b1, c7b);
            a += stepA;
            b += stepB;
        }

        TileStore.Add(c, c0a, bias, accumulate);
        TileStore.Add(c + vector, c0b, bias == null ? null : bias + vector, accumulate);
        c += strideC;
        TileStore.Add(c, c1a, bias, accumulate);
        TileStore.Add(c + vector, c1b, bias == null ? null : bias + vector, accumulate);
        c += strideC;
        TileStore.Add(c, c2a, bias, accumulate);
        TileStore.Add(c + vector, c2b, bias == null ? null : bias + vector, accumulate);
        c += strideC;
        TileStore.Add(c, c3a, bias, accumulate);
        TileStore.Add(c + vector, c3b, bias == null ? null : bias + vector, accumulate);
        c += strideC;
        TileStore.Add(c, c4a, bias, accumulate);
        TileStore.Add(c + vector, c4b, bias == null ? null : bias + vector, accumulate);
        c += strideC;
        TileStore.Add(c, c5a, bias, accumulate);
        TileStore.Add(c + vector, c5b, bias == null ? null : bias + vector, accumulate);
        c += strideC;
        TileStore.Add(c, c6a, bias, accumulate);
        TileStore.Add(c + vector, c6b, bias == null ? null : bias + vector, accumulate);
        c += strideC;
        TileStore.Add(c, c7a, bias, accumulate);
        TileStore.Add(c + vector, c7b, bias == null ? null : bias + vector, accumulate);
    }

    /// <summary>The same for a tile one vector wide.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Narrow<L>(byte* a, long rowA, long stepA, byte* b, long stepB, int depth, byte* c, long strideC,
        byte* bias, bool accumulate)
        where L : struct, ILanes<L>
    {
        L c0a = L.Zero;
        L c1a = L.Zero;
        L c2a = L.Zero;
        L c3a = L.Zero;
        L c4a = L.Zero;
        L c5a = L.Zero;
        L c6a = L.Zero;
        L c7a = L.Zero;
        for (; depth > 0; depth--)
        {
            L b0 = L.Load(b);
            byte* at = a;
            L row = L.Broadcast(at);
            c0a = L.Fma(row, b0, c0a);
            at += rowA;
            row = L.Broadcast(at);
            c1a = L.Fma(row, b0, c1a);
            at += rowA;
            row = L.Broadcast(at);
            c2a = L.Fma(row, b0, c2a);
            at += rowA;
            row = L.Broadcast(at);
            c3a = L.Fma(row, b0, c3a);
            at += rowA;
            row = L.Broadcast(at);
            c4a = L.Fma(row, b0, c4a);
            at += rowA;
            row = L.Broadcast(at);
            c5a = L.Fma(row, b0, c5a);
            at += rowA;
            row = L.Broadcast(at);
            c6a = L.Fma(row, b0, c6a);
            at += rowA;
            row = L.Broadcast(at);
            c7a = L.Fma(row, b0, c7a);
            a += stepA;
            b += stepB;
        }

        TileStore.Add(c, c0a, bias, accumulate);
        c += strideC;
        TileStore.Add(c, c1a, bias, accumulate);
        c += strideC;
        TileStore.Add(c, c2a, bias, accumulate);
        c += strideC;
        TileStore.Add(c, c3a, bias, accumulate);
        c += strideC;
        TileStore.Add(c, c4a, bias, accumulate);
        c += strideC;
        TileStore.Add(c, c5a, bias, accumulate);
        c += strideC;
        TileStore.Add(c, c6a, bias, accumulate);
        c += strideC;
        TileStore.Add(c, c7a, bias, accumulate);
    }
}
