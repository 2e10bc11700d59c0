using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>One operator over one chunk of rows.</summary>
internal unsafe struct BinaryJob<L, TOperator> : IChunkJob
    where L : struct, ILanes<L>
    where TOperator : struct, IBinaryOperator
{
    public BinaryRows Rows;

    public readonly void Run(int chunk)
    {
        (int firstRow, int rows, int firstColumn, int columns) = Rows.Range(chunk);
        L p0 = L.Of(Rows.P0), p1 = L.Of(Rows.P1);
        long size = (long)columns * L.ElementSize;
        byte* y = Rows.Y + ((long)firstRow * Rows.Inner + firstColumn) * L.ElementSize;
        byte* end = y + rows * size;
        for (int row = firstRow; row < firstRow + rows; row++, y += size)
        {
            (long offsetA, long offsetB) = Rows.Offsets(row);
            byte* a = Rows.A + (offsetA + (long)firstColumn * Rows.StrideA) * L.ElementSize;
            byte* b = Rows.B + (offsetB + (long)firstColumn * Rows.StrideB) * L.ElementSize;
            switch (Rows.StrideA, Rows.StrideB)
            {
                case (1, 1): Both(a, b, y, size, end, p0, p1); break;
                case (1, 0): Left(a, L.Broadcast(b), y, size, end, p0, p1); break;
                case (0, 1): Right(L.Broadcast(a), b, y, size, end, p0, p1); break;
                default: Strided(a, b, y, columns, p0, p1); break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Both(byte* a, byte* b, byte* y, long size, byte* end, L p0, L p1)
    {
        long step = L.Count * L.ElementSize, i = 0;
        for (; i <= size - step; i += step) L.Store(TOperator.Apply(L.Load(a + i), L.Load(b + i), p0, p1), y + i);
        if (i < size) Finish(TOperator.Apply(L.Load(a + i), L.Load(b + i), p0, p1), y + i, size - i, end);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Left(byte* a, L b, byte* y, long size, byte* end, L p0, L p1)
    {
        long step = L.Count * L.ElementSize, i = 0;
        for (; i <= size - step; i += step) L.Store(TOperator.Apply(L.Load(a + i), b, p0, p1), y + i);
        if (i < size) Finish(TOperator.Apply(L.Load(a + i), b, p0, p1), y + i, size - i, end);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Right(L a, byte* b, byte* y, long size, byte* end, L p0, L p1)
    {
        long step = L.Count * L.ElementSize, i = 0;
        for (; i <= size - step; i += step) L.Store(TOperator.Apply(a, L.Load(b + i), p0, p1), y + i);
        if (i < size) Finish(TOperator.Apply(a, L.Load(b + i), p0, p1), y + i, size - i, end);
    }

    /// <summary>For all other strides: one element at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private readonly void Strided(byte* a, byte* b, byte* y, int columns, L p0, L p1)
    {
        byte* result = stackalloc byte[64];
        for (int i = 0; i < columns; i++)
        {
            long index = (long)i * L.ElementSize;
            L.Store(TOperator.Apply(
                L.Broadcast(a + index * Rows.StrideA), L.Broadcast(b + index * Rows.StrideB), p0, p1), result);
            Unsafe.CopyBlockUnaligned(y + index, result, (uint)L.ElementSize);
        }
    }

    /// <summary>Stores the partial vector at the end of a row. The next row overwrites the surplus lanes. At the end of
    /// the chunk, where another thread may be writing, only the elements of the row are copied.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(L value, byte* y, long size, byte* end)
    {
        if (y + L.Count * L.ElementSize <= end)
        {
            L.Store(value, y);
            return;
        }

        Partial.Store(value, y, size);
    }
}
