using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>Whether all elements are finite.</summary>
internal unsafe struct FiniteTask : ILaneTask
{
    private const int ChunkLength = 64 * 1024;

    public byte* X;
    public int Length;
    public int* Failed;

    public readonly void Run<L>() where L : struct, ILanes<L>
    {
        Job<L> job = new() { Task = this };
        WorkerPool.For((Length + ChunkLength - 1) / ChunkLength, Length / 4, ref job);
    }

    private struct Job<L> : IChunkJob
        where L : struct, ILanes<L>
    {
        public FiniteTask Task;

        public readonly void Run(int chunk)
        {
            int start = chunk * ChunkLength;
            if (!IsFinite<L>(Task.X + (long)start * L.ElementSize, Math.Min(ChunkLength, Task.Length - start)))
                Volatile.Write(ref *Task.Failed, 1);
        }
    }

    /// <summary>x * 0 is 0 for finite x and NaN otherwise, and NaN survives every addition.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static bool IsFinite<L>(byte* x, int length) where L : struct, ILanes<L>
    {
        L zero = L.Zero, s0 = zero, s1 = zero;
        long size = (long)length * L.ElementSize, step = L.Count * L.ElementSize, i = 0;
        for (; i <= size - 2 * step; i += 2 * step)
        {
            s0 = L.Fma(L.Load(x + i), zero, s0);
            s1 = L.Fma(L.Load(x + i + step), zero, s1);
        }

        for (; i <= size - step; i += step) s0 = L.Fma(L.Load(x + i), zero, s0);
        for (; i < size; i += L.ElementSize) s0 = L.Fma(L.Broadcast(x + i), zero, s0);
        s0 += s1;
        return !L.Any(L.Equal(s0, s0) ^ L.Equal(zero, zero));
    }
}

/// <summary>y[i] = fma(levels[i], scale, offset).</summary>
internal unsafe struct BytesTask : ILaneTask
{
    private const int ChunkLength = 16 * 1024;

    public byte* Levels, Y;
    public int Length;
    public double Scale, Offset;

    public readonly void Run<L>() where L : struct, ILanes<L>
    {
        Job<L> job = new() { Task = this };
        WorkerPool.For((Length + ChunkLength - 1) / ChunkLength, Length, ref job);
    }

    private struct Job<L> : IChunkJob
        where L : struct, ILanes<L>
    {
        public BytesTask Task;

        /// <summary>There are only 256 levels, so the values come from a table, which is computed with the arithmetic
        /// of the lanes.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public readonly void Run(int chunk)
        {
            int start = chunk * ChunkLength, end = Math.Min(start + ChunkLength, Task.Length);
            byte* table = stackalloc byte[256 * 8];
            L scale = L.Of(Task.Scale), offset = L.Of(Task.Offset);
            for (int level = 0; level < 256; level++)
            {
                double value = L.First(L.Fma(L.Of(level), scale, offset));
                if (L.IsSingle) ((float*)table)[level] = (float)value;
                else ((double*)table)[level] = value;
            }

            if (L.IsSingle)
            {
                for (int i = start; i < end; i++) ((float*)Task.Y)[i] = ((float*)table)[Task.Levels[i]];
            }
            else
            {
                for (int i = start; i < end; i++) ((double*)Task.Y)[i] = ((double*)table)[Task.Levels[i]];
            }
        }
    }
}
