using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>Fills y[outer, samples, inner] with noise. Row (o, s) contains elements o * inner to (o + 1) * inner - 1 of
/// sample s.</summary>
internal unsafe struct NoiseTask : ILaneTask
{
    private const int ChunkLength = 4096;

    public RandomKernel Kernel;
    public byte* Y, Scale, Loc;
    public NoiseStream Stream;
    public int Outer, Samples, Inner;

    /// <summary>Number of elements of Scale and of Loc; the elements repeat.</summary>
    public int Period;

    public readonly void Run<L>() where L : struct, ILanes<L>
    {
        Job<L> job = new() { Task = this };
        // With one sample the rows follow each other without a gap: one long row.
        if (Samples == 1) (job.Task.Outer, job.Task.Inner) = (1, Outer * Inner);
        job.Pieces = (job.Task.Inner + ChunkLength - 1) / ChunkLength;
        job.RowsPerChunk = Math.Max(1, ChunkLength / Math.Max(job.Task.Inner, 1));
        int rows = job.Task.Outer * Samples;
        int chunks = job.Pieces > 1 ? rows * job.Pieces : (rows + job.RowsPerChunk - 1) / job.RowsPerChunk;
        if (job.Task.Inner == 0) return;
        WorkerPool.For(chunks, (long)rows * job.Task.Inner * 16, ref job);
    }

    private struct Job<L> : IChunkJob
        where L : struct, ILanes<L>
    {
        public NoiseTask Task;
        public int Pieces, RowsPerChunk;

        public readonly void Run(int chunk)
        {
            if (Pieces > 1)
            {
                int start = chunk % Pieces * ChunkLength;
                Fill(chunk / Pieces, start, Math.Min(ChunkLength, Task.Inner - start));
                return;
            }

            int end = Math.Min((chunk + 1) * RowsPerChunk, Task.Outer * Task.Samples);
            for (int row = chunk * RowsPerChunk; row < end; row++) Fill(row, 0, Task.Inner);
        }

        private readonly void Fill(int row, int start, int count)
        {
            (int outer, int sample) = Math.DivRem(row, Task.Samples);
            long element = (long)outer * Task.Inner + start;
            byte* y = Task.Y + ((long)row * Task.Inner + start) * L.ElementSize;
            NoiseTile.Fill<L>(Task.Kernel, Task.Stream, Task.Stream.FirstSample + (uint)sample, element, count, y);
            if (Task.Scale == null) return;
            long position = (long)row * Task.Inner + start;
            for (int done = 0; done < count;)
            {
                int at = (int)((position + done) % Task.Period), run = Math.Min(count - done, Task.Period - at);
                long offset = (long)at * L.ElementSize;
                Transform<L>(y + (long)done * L.ElementSize, Task.Scale + offset, Task.Loc == null ? null
                    : Task.Loc + offset, run);
                done += run;
            }
        }
    }

    /// <summary>y = fma(scale, y, loc), or scale * y, for consecutive elements. Another thread may be writing the
    /// elements after them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Transform<L>(byte* y, byte* scale, byte* loc, int count) where L : struct, ILanes<L>
    {
        long size = (long)count * L.ElementSize, step = L.Count * L.ElementSize;
        for (long i = 0; i < size; i += step)
        {
            L value = loc == null ? L.Load(scale + i) * L.Load(y + i)
                : L.Fma(L.Load(scale + i), L.Load(y + i), L.Load(loc + i));
            if (i <= size - step) L.Store(value, y + i);
            else Partial.Store(value, y + i, size - i);
        }
    }
}
