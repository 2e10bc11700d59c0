using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>An optimiser step over a parameter in one pass, in chunks of fixed length. A pointer to a state that
/// the update rule does not use is null.</summary>
internal unsafe struct UpdateTask : ILaneTask
{
    private const int ChunkLength = 16 * 1024;

    public UpdateKernel Kernel;
    public byte* Parameter, Gradient, First, Second;
    public int Length;
    public UpdateScalars Scalars;

    public readonly void Run<L>() where L : struct, ILanes<L>
    {
        switch (Kernel)
        {
            case UpdateKernel.Sgd: Run<L, UpdateRules.Sgd>(); break;
            case UpdateKernel.Momentum: Run<L, UpdateRules.Momentum>(); break;
            case UpdateKernel.Adam: Run<L, UpdateRules.Adam>(); break;
            case UpdateKernel.AdamW: Run<L, UpdateRules.AdamW>(); break;
            case UpdateKernel.Adagrad: Run<L, UpdateRules.Adagrad>(); break;
            case UpdateKernel.Adamax: Run<L, UpdateRules.Adamax>(); break;
            case UpdateKernel.RmsProp: Run<L, UpdateRules.RmsProp>(); break;
            default: throw new ArgumentOutOfRangeException(nameof(Kernel), Kernel, null);
        }
    }

    private readonly void Run<L, TRule>()
        where L : struct, ILanes<L>
        where TRule : struct, IUpdateRule
    {
        Job<L, TRule> job = new() { Task = this };
        WorkerPool.For((Length + ChunkLength - 1) / ChunkLength, (long)Length * 4, ref job);
    }

    private struct Job<L, TRule> : IChunkJob
        where L : struct, ILanes<L>
        where TRule : struct, IUpdateRule
    {
        public UpdateTask Task;

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public readonly void Run(int chunk)
        {
            long start = (long)chunk * ChunkLength * L.ElementSize, step = L.Count * L.ElementSize;
            long end = Math.Min(start + (long)ChunkLength * L.ElementSize, (long)Task.Length * L.ElementSize);
            byte* parameter = Task.Parameter, gradient = Task.Gradient, first = Task.First, second = Task.Second;
            UpdateLanes<L> lanes = new(Task.Scalars, first != null);
            for (long i = start; i < end; i += step)
            {
                L p = L.Load(parameter + i);
                L m = first == null ? L.Zero : L.Load(first + i);
                L v = second == null ? L.Zero : L.Load(second + i);
                TRule.Apply(ref p, L.Load(gradient + i) * lanes.Scale, ref m, ref v, lanes);
                // Only the last vector of a buffer is partial: chunks are multiples of a vector.
                if (i + step <= end)
                {
                    L.Store(p, parameter + i);
                    if (first != null) L.Store(m, first + i);
                    if (second != null) L.Store(v, second + i);
                }
                else
                {
                    Partial.Store(p, parameter + i, end - i);
                    if (first != null) Partial.Store(m, first + i, end - i);
                    if (second != null) Partial.Store(v, second + i, end - i);
                }
            }
        }
    }
}
