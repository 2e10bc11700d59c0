namespace Reparam.Tensors.Backends.Cpu;

/// <summary>Copies the elements at given positions along one axis, row (innermost axes) by row.</summary>
internal unsafe struct PickJob<T> : IChunkJob
    where T : unmanaged
{
    private const int ChunkLength = 16 * 1024;

    public T* X, Y;
    public int* Positions;
    public PickPlan Plan;

    public readonly int Chunks => (int)(((long)Plan.Outer * Plan.Count + RowsPerChunk - 1) / RowsPerChunk);

    private readonly int RowsPerChunk => Math.Max(1, ChunkLength / Plan.Inner);

    public readonly void Run(int chunk)
    {
        int inner = Plan.Inner;
        long end = Math.Min((chunk + 1L) * RowsPerChunk, (long)Plan.Outer * Plan.Count);
        for (long row = (long)chunk * RowsPerChunk; row < end; row++)
        {
            (long outer, long index) = Math.DivRem(row, Plan.Count);
            T* x = X + outer * Plan.Extent * inner;
            T* y = Y + row * inner;
            if (!Plan.PerElement)
            {
                new ReadOnlySpan<T>(x + (long)Positions[index] * inner, inner).CopyTo(new Span<T>(y, inner));
                continue;
            }

            int* positions = Positions + row * inner;
            for (int i = 0; i < inner; i++) y[i] = x[(long)positions[i] * inner + i];
        }
    }
}
