namespace Reparam.Tensors.Backends.Cpu;

/// <summary>
/// A batch of products of the same extents. Matrices too small to be worth sharing are shared out whole; a large one is
/// shared out within, and they follow one another. The bits are those of the single products either way.
/// </summary>
internal struct BatchMatMulTask : ILaneTask
{
    /// <summary>Multiply-adds of a matrix product that two threads finish sooner together than one each.</summary>
    private const long LargeProduct = 16_000_000;

    /// <summary>Multiply-adds that a chunk has at least, so that handing it out costs next to nothing.</summary>
    private const long ChunkProducts = 50_000;

    /// <summary>The product of the first matrices.</summary>
    public MatMulTask First;

    public readonly void Run<L>() where L : struct, ILanes<L>
    {
        MatMulPlan plan = First.Plan;
        long cost = Math.Max(1, (long)plan.M * plan.N * plan.K);
        BatchJob<L> job = new()
        {
            First = First, PerChunk = (int)Math.Clamp(ChunkProducts / cost, 1, plan.Batch == 0 ? 1 : plan.Batch),
        };
        int chunks = (plan.Batch + job.PerChunk - 1) / job.PerChunk;
        if (cost < LargeProduct)
        {
            WorkerPool.For(chunks, cost * plan.Batch / 8, ref job);
            return;
        }

        for (int chunk = 0; chunk < chunks; chunk++) job.Run(chunk);
    }

    private unsafe struct BatchJob<L> : IChunkJob
        where L : struct, ILanes<L>
    {
        public MatMulTask First;
        public int PerChunk;

        public readonly void Run(int chunk)
        {
            MatMulPlan plan = First.Plan;
            int end = (int)Math.Min((long)(chunk + 1) * PerChunk, plan.Batch);
            for (int item = chunk * PerChunk; item < end; item++)
            {
                MatMulTask task = First;
                task.A += (long)item * plan.M * plan.K * L.ElementSize;
                task.B += (long)item * plan.K * plan.N * L.ElementSize;
                task.C += (long)item * plan.M * plan.N * L.ElementSize;
                task.Run<L>();
            }
        }
    }
}
