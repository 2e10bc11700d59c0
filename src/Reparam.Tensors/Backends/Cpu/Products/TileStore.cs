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

    /// <summary>Moves a tile that was computed in separate memory to its place in c, if c has fewer rows or columns
    /// than the tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Merge<L>(
        byte* tile, long strideTile, byte* c, long strideC, int rows, int columns, byte* bias, bool accumulate)
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

    /// <summary>Moves a tile that was computed in separate memory to c, transposed: row i of the tile becomes column i.
    /// The bias has one element for every row of the tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Turn(byte* tile, long strideTile, byte* c, long strideC, int rows, int columns, byte* bias,
        bool accumulate, bool single)
    {
        if (single && Sse.IsSupported)
        {
            for (; rows >= 4; rows -= 4, tile += 4 * strideTile, c += 4 * sizeof(float))
            {
                Vector128<float> offset = bias == null ? default : Vector128.Load((float*)bias);
                TurnFour(
                    (float*)tile, strideTile / 4, (float*)c, strideC / 4, columns, offset, bias != null, accumulate);
                if (bias != null) bias += 4 * sizeof(float);
            }
        }

        if (single && rows == 2 && Sse.IsSupported)
        {
            TurnTwo((float*)tile, strideTile / 4, (float*)c, strideC / 4, columns, (float*)bias, accumulate);
            return;
        }

        if (single) Turn((float*)tile, strideTile / 4, (float*)c, strideC / 4, rows, columns, (float*)bias, accumulate);
        else Turn((double*)tile, strideTile / 8, (double*)c, strideC / 8, rows, columns, (double*)bias, accumulate);
    }

    /// <summary>Moves four rows of the tile to four columns of c. A step moves four columns of the tile; the last step
    /// may read up to three numbers after the last column, for which the tile has memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void TurnFour(float* tile, long strideTile, float* c, long strideC, int columns,
        Vector128<float> bias, bool hasBias, bool accumulate)
    {
        for (; columns > 0; columns -= 4, tile += 4, c += 4 * strideC)
        {
            Vector128<float> r0 = Vector128.Load(tile), r1 = Vector128.Load(tile + strideTile);
            Vector128<float> r2 = Vector128.Load(tile + 2 * strideTile), r3 = Vector128.Load(tile + 3 * strideTile);
            Vector128<float> a0 = Sse.UnpackLow(r0, r1), a1 = Sse.UnpackLow(r2, r3), b0 = Sse.UnpackHigh(r0, r1),
                b1 = Sse.UnpackHigh(r2, r3);
            Put(Sse.MoveLowToHigh(a0, a1), c, bias, hasBias, accumulate);
            if (columns > 1) Put(Sse.MoveHighToLow(a1, a0), c + strideC, bias, hasBias, accumulate);
            if (columns > 2) Put(Sse.MoveLowToHigh(b0, b1), c + 2 * strideC, bias, hasBias, accumulate);
            if (columns > 3) Put(Sse.MoveHighToLow(b1, b0), c + 3 * strideC, bias, hasBias, accumulate);
        }
    }

    /// <summary>Moves two rows of the tile to two columns of c.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void TurnTwo(
        float* tile, long strideTile, float* c, long strideC, int columns, float* bias, bool accumulate)
    {
        Vector128<float> offset = bias == null ? default : Vector128.Create(bias[0], bias[1], bias[0], bias[1]);
        for (; columns > 1; columns -= 2, tile += 2, c += 2 * strideC)
        {
            Vector128<float> sum = Sse.UnpackLow(Vector128.Load(tile), Vector128.Load(tile + strideTile));
            if (accumulate) sum = Sse.LoadHigh(Sse.LoadLow(sum, c), c + strideC) + sum;
            if (bias != null) sum += offset;
            Sse.StoreLow(c, sum);
            Sse.StoreHigh(c + strideC, sum);
        }

        if (columns > 0) Turn(tile, strideTile, c, strideC, 2, 1, bias, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Vector128<float> sum, float* target, Vector128<float> bias, bool hasBias, bool accumulate)
    {
        if (accumulate) sum = Vector128.Load(target) + sum;
        if (hasBias) sum += bias;
        Vector128.Store(sum, target);
    }

    private static void Turn<T>(
        T* tile, long strideTile, T* c, long strideC, int rows, int columns, T* bias, bool accumulate)
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
