using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>The end of a block of the inner dimension: (c + block) + bias, in this order.</summary>
internal static unsafe class TileStore
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add<L>(byte* c, L sum, byte* bias, bool accumulate) where L : struct, ILanes<L>
    {
        if (accumulate) sum = L.Load(c) + sum;
        if (bias != null) sum += L.Load(bias);
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

    /// <summary>Moves a tile computed beside c into c turned: tile row i becomes column i. The bias has an element for every row of the tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Turn(byte* tile, long strideTile, byte* c, long strideC, int rows, int columns, byte* bias, bool accumulate, bool single)
    {
        if (single && Sse.IsSupported)
        {
            // Two rows, or four, times four columns at a time.
            int done = 0;
            for (; done + 2 <= rows; done += rows - done >= 4 ? 4 : 2)
                TurnFour((float*)(tile + done * strideTile), strideTile / 4, (float*)c + done, strideC / 4, Math.Min(4, (rows - done) & ~1), columns, bias == null ? null : (float*)bias + done, accumulate);
            if (done == rows) return;
            tile += done * strideTile;
            c += done * sizeof(float);
            if (bias != null) bias += done * sizeof(float);
            rows -= done;
        }

        if (single) Turn((float*)tile, strideTile / 4, (float*)c, strideC / 4, rows, columns, (float*)bias, accumulate);
        else Turn((double*)tile, strideTile / 8, (double*)c, strideC / 8, rows, columns, (double*)bias, accumulate);
    }

    private static void TurnFour(float* tile, long strideTile, float* c, long strideC, int rows, int columns, float* bias, bool accumulate)
    {
        Vector128<float> offset = bias == null ? default : rows == 4 ? Vector128.Load(bias) : Vector128.Create(bias[0], bias[1], 0, 0);
        for (int j = 0; j < columns; j += 4, tile += 4)
        {
            Vector128<float> r0 = Vector128.Load(tile), r1 = Vector128.Load(tile + strideTile), r2 = default, r3 = default;
            if (rows == 4) (r2, r3) = (Vector128.Load(tile + 2 * strideTile), Vector128.Load(tile + 3 * strideTile));
            Vector128<float> a0 = Sse.UnpackLow(r0, r1), a1 = Sse.UnpackLow(r2, r3), b0 = Sse.UnpackHigh(r0, r1), b1 = Sse.UnpackHigh(r2, r3);
            Put(Sse.MoveLowToHigh(a0, a1), c);
            if (j + 1 < columns) Put(Sse.MoveHighToLow(a1, a0), c + strideC);
            if (j + 2 < columns) Put(Sse.MoveLowToHigh(b0, b1), c + 2 * strideC);
            if (j + 3 < columns) Put(Sse.MoveHighToLow(b1, b0), c + 3 * strideC);
            c += 4 * strideC;
        }

        void Put(Vector128<float> sum, float* target)
        {
            if (accumulate) sum = (rows == 4 ? Vector128.Load(target) : Vector128.Create(target[0], target[1], 0, 0)) + sum;
            if (bias != null) sum += offset;
            if (rows == 4) Vector128.Store(sum, target);
            else Sse.StoreLow(target, sum);
        }
    }

    private static void Turn<T>(T* tile, long strideTile, T* c, long strideC, int rows, int columns, T* bias, bool accumulate)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        for (int j = 0; j < columns; j++, c += strideC)
        {
            T* from = tile + j;
            for (int i = 0; i < rows; i++, from += strideTile)
            {
                T sum = accumulate ? c[i] + *from : *from;
                c[i] = bias == null ? sum : sum + bias[i];
            }
        }
    }
}
