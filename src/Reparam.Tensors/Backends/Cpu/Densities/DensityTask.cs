using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>
/// y[row] = the sum of the terms of a density over a row, in the canonical tree of <see cref="RowReduction"/>, and the
/// derivatives of every term. This takes one pass over memory; separate operations would take five.
/// </summary>
internal unsafe struct DensityTask : ILaneTask
{
    private const int ChunkElements = 4096, TermsSlot = 3;

    public DensityKernel Kernel;
    public byte* A, B, C, D, Y, First, Second;
    public DensityPlan Plan;

    public readonly void Run<L>() where L : struct, ILanes<L>
    {
        switch (Kernel)
        {
            case DensityKernel.BernoulliLogits: Run<L, DensityOperators.BernoulliLogits>(40); break;
            case DensityKernel.Normal: Run<L, DensityOperators.Normal>(20); break;
            case DensityKernel.NormalKL: Run<L, DensityOperators.NormalKL>(40); break;
            default: throw new ArgumentOutOfRangeException(nameof(Kernel), Kernel, null);
        }
    }

    private readonly void Run<L, TOperator>(int weight)
        where L : struct, ILanes<L>
        where TOperator : struct, IDensityOperator
    {
        Job<L, TOperator> job = new()
        {
            Task = this, RowsPerChunk = Math.Max(1, ChunkElements / Math.Max(Plan.Columns, 32)),
        };
        WorkerPool.For((Plan.Rows + job.RowsPerChunk - 1) / job.RowsPerChunk,
            (long)Plan.Rows * Math.Max(Plan.Columns, 32) * weight, ref job);
    }

    private struct Job<L, TOperator> : IChunkJob
        where L : struct, ILanes<L>
        where TOperator : struct, IDensityOperator
    {
        public DensityTask Task;
        public int RowsPerChunk;

        public readonly void Run(int chunk)
        {
            DensityPlan plan = Task.Plan;
            const int block = RowReduction.BlockLength;
            int blocks = Math.Max(1, (plan.Columns + block - 1) / block);
            byte* terms = Scratch.Take(TermsSlot, (long)(block + blocks) * L.ElementSize);
            byte* sums = terms + (long)block * L.ElementSize;
            int end = Math.Min((chunk + 1) * RowsPerChunk, plan.Rows);
            for (int row = chunk * RowsPerChunk; row < end; row++)
            {
                for (int i = 0; i < blocks; i++)
                {
                    long start = (long)i * block;
                    int length = (int)Math.Min(block, plan.Columns - start);
                    byte* a = At(Task.A, plan.RowsA, row, start), b = At(Task.B, plan.RowsB, row, start);
                    byte* c = At(Task.C, plan.RowsC, row, start), d = At(Task.D, plan.RowsD, row, start);
                    byte* first = At(Task.First, plan.Rows, row, start),
                        second = At(Task.Second, plan.Rows, row, start);
                    if (first == null) Terms<L, TOperator, No>(a, b, c, d, terms, first, second, length);
                    else Terms<L, TOperator, Yes>(a, b, c, d, terms, first, second, length);
                    RowReduction.Block<L, SumCombiner>(
                        terms, length, blocks == 1 ? Task.Y + (long)row * L.ElementSize : sums + i * L.ElementSize);
                }

                // The block sums of a row are reduced like the rows of a reduction, level by level, until one sum is
                // left.
                for (int count = blocks; count > 1;)
                {
                    int groups = (count + block - 1) / block;
                    for (int i = 0; i < groups; i++)
                    {
                        byte* target = groups == 1 ? Task.Y + (long)row * L.ElementSize : sums + i * L.ElementSize;
                        RowReduction.Block<L, SumCombiner>(
                            sums + (long)i * block * L.ElementSize, Math.Min(block, count - i * block), target);
                    }

                    count = groups;
                }
            }
        }

        /// <summary>The address of element <paramref name="start"/> of a row of an operand that has
        /// <paramref name="rows"/> rows, which repeat.</summary>
        private readonly byte* At(byte* operand, int rows, int row, long start) =>
            operand == null ? null : operand + ((long)(row % rows) * Task.Plan.Columns + start) * L.ElementSize;
    }

    /// <summary>Terms and derivatives of a run of elements. Loads may read past the end of the operands, which have one
    /// vector of slack. The operator is called in only one place, because the JIT stops inlining in a method that
    /// contains several copies of such a large operator.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Terms<L, TOperator, TGradients>(
        byte* a, byte* b, byte* c, byte* d, byte* terms, byte* first, byte* second, int length)
        where L : struct, ILanes<L>
        where TOperator : struct, IDensityOperator
        where TGradients : struct, IChoice
    {
        long size = (long)length * L.ElementSize, step = L.Count * L.ElementSize;
        for (long i = 0; i < size; i += step)
        {
            L term = TOperator.Apply(
                L.Load(a + i), L.Load(b + i), TOperator.Arguments > 2 ? L.Load(c + i) : L.Zero,
                TOperator.Arguments > 3 ? L.Load(d + i) : L.Zero,
                TGradients.Value, out L p, out L q);
            L.Store(term, terms + i);
            if (!TGradients.Value) continue;
            if (i <= size - step)
            {
                L.Store(p, first + i);
                if (TOperator.Derivatives > 1) L.Store(q, second + i);
            }
            else
            {
                Partial.Store(p, first + i, size - i);
                if (TOperator.Derivatives > 1) Partial.Store(q, second + i, size - i);
            }
        }
    }

    /// <summary>A condition that the JIT resolves.</summary>
    private interface IChoice
    {
        static abstract bool Value { get; }
    }

    private readonly struct Yes : IChoice
    {
        public static bool Value => true;
    }

    private readonly struct No : IChoice
    {
        public static bool Value => false;
    }
}
