namespace Reparam.Tensors.Backends.Cpu;

/// <summary>Fills y[outer, samples, inner]; a row (o, s) holds elements o * inner to (o + 1) * inner - 1 of sample s.</summary>
internal unsafe struct NoiseTask : ILaneTask
{
    private const int ChunkLength = 4096;

    public RandomKernel Kernel;
    public byte* Y;
    public NoiseStream Stream;
    public int Outer, Samples, Inner;

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
        }
    }
}
