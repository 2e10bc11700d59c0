namespace Reparam.Tensors.Backends.Cpu;

/// <summary>
/// A batch of products of the same extents. Small products are divided between the threads as wholes. Large products
/// follow one another, and the threads share each of them. In both cases the bits are those of the single products.
/// </summary>
internal struct BatchMatMulTask : ILaneTask
{
    /// <summary>Multiply-adds from which on two threads finish sooner if they share each product than if each computes
    /// its own product.</summary>
    private const long LargeProduct = 16_000_000;

    /// <summary>The smallest number of multiply-adds of a chunk, so that the cost of passing it to a thread is
    /// negligible.</summary>
    private const long ChunkProducts = 50_000;

    /// <summary>The product of the first pair of matrices.</summary>
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
