using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>The sum of squares of a buffer: the squares of a block are summed in the canonical tree; the sums of the
/// blocks are added in order, in double.</summary>
internal unsafe struct SquaresTask : ILaneTask
{
    private const int BlocksPerChunk = 4, ResultsSlot = 0, SquaresSlot = 3;

    public byte* X;
    public int Length;
    public double* Sum;

    public readonly void Run<L>() where L : struct, ILanes<L>
    {
        int blocks = (Length + RowReduction.BlockLength - 1) / RowReduction.BlockLength;
        byte* results = Scratch.Take(ResultsSlot, (long)blocks * L.ElementSize);
        Job<L> job = new() { X = X, Length = Length, Blocks = blocks, Results = results };
        WorkerPool.For((blocks + BlocksPerChunk - 1) / BlocksPerChunk, Length, ref job);
        double sum = 0;
        for (int i = 0; i < blocks; i++) sum += L.IsSingle ? ((float*)results)[i] : ((double*)results)[i];
        *Sum = sum;
    }

    private struct Job<L> : IChunkJob
        where L : struct, ILanes<L>
    {
        public byte* X, Results;
        public int Length, Blocks;

        public readonly void Run(int chunk)
        {
            byte* squares = Scratch.Take(SquaresSlot, (long)RowReduction.BlockLength * L.ElementSize);
            int end = Math.Min((chunk + 1) * BlocksPerChunk, Blocks);
            for (int i = chunk * BlocksPerChunk; i < end; i++)
            {
                int start = i * RowReduction.BlockLength, length = Math.Min(RowReduction.BlockLength, Length - start);
                Square<L>(X + (long)start * L.ElementSize, squares, length);
                RowReduction.Block<L, SumCombiner>(squares, length, Results + (long)i * L.ElementSize);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Square<L>(byte* x, byte* y, int length) where L : struct, ILanes<L>
    {
        long size = (long)length * L.ElementSize, step = L.Count * L.ElementSize;
        for (long i = 0; i < size; i += step)
        {
            L value = L.Load(x + i);
            L.Store(value * value, y + i);
        }
    }
}
