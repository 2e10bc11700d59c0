using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>Normalises sets of contiguous elements. Each set is read for its mean, again for its variance, and again to
/// write the result, while it is in the cache.</summary>
internal unsafe struct NormalizeTask : ILaneTask
{
    public byte* X, Weight, Bias, Y, Statistics;
    public NormPlan Plan;

    /// <summary>The number of sets per chunk, large enough to be worth passing to another thread.</summary>
    public static int SetsPerChunk(in NormPlan plan) =>
        (int)Math.Clamp(16 * 1024 / Math.Max(1, (long)plan.Run * plan.Inner), 1, 1024);

    public readonly void Run<L>() where L : struct, ILanes<L>
    {
        Job<L> job = new() { Task = this, SetsPerChunk = SetsPerChunk(Plan) };
        WorkerPool.For((Plan.Sets + job.SetsPerChunk - 1) / job.SetsPerChunk,
            4L * Plan.Outer * Plan.Channels * Plan.Inner, ref job);
    }

    private struct Job<L> : IChunkJob
        where L : struct, ILanes<L>
    {
        public NormalizeTask Task;
        public int SetsPerChunk;

        public readonly void Run(int chunk)
        {
            int end = Math.Min((chunk + 1) * SetsPerChunk, Task.Plan.Sets);
            for (int set = chunk * SetsPerChunk; set < end; set++) Set<L>(Task, set);
        }
    }

    private static void Set<L>(in NormalizeTask task, int set) where L : struct, ILanes<L>
    {
        NormPlan plan = task.Plan;
        long length = (long)plan.Run * plan.Inner;
        byte* x = task.X + set * length * L.ElementSize;
        double mean = Rounded<L>(LaneSums.Sum<L, ValueTerm>(x, null, length, L.Zero) / length);
        double variance = Rounded<L>(LaneSums.Sum<L, SquaredDeviationTerm>(x, null, length, L.Of(mean)) / length);
        double inverse = Rounded<L>(1 / Math.Sqrt(variance + plan.Epsilon));
        Put<L>(task.Statistics, set, mean);
        Put<L>(task.Statistics, plan.Sets + set, inverse);
        Put<L>(task.Statistics, 2L * plan.Sets + set, variance);

        byte* y = task.Y + set * length * L.ElementSize;
        long channel = set % plan.Groups * (long)plan.Run * L.ElementSize;
        byte* weight = task.Weight is null ? null : task.Weight + channel, bias = task.Bias is null ? null
            : task.Bias + channel;
        if (plan.Inner == 1)
        {
            Elements(x, weight, bias, y, plan.Run, L.Of(mean), L.Of(inverse));
            return;
        }

        long step = (long)plan.Inner * L.ElementSize;
        for (int c = 0; c < plan.Run; c++)
        {
            L scale = weight is null ? L.Of(1) : L.Broadcast(weight + c * L.ElementSize), offset = bias is null ? L.Zero
                : L.Broadcast(bias + c * L.ElementSize);
            Channel(x + c * step, y + c * step, step, L.Of(mean), L.Of(inverse), scale, offset);
        }
    }

    /// <summary>One channel: scale and offset are the same for all elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Channel<L>(byte* x, byte* y, long size, L mean, L inverse, L scale, L offset)
        where L : struct, ILanes<L>
    {
        long step = L.Count * L.ElementSize, i = 0;
        for (; i <= size - step; i += step) L.Store(L.Fma((L.Load(x + i) - mean) * inverse, scale, offset), y + i);
        if (i < size) Partial.Store(L.Fma((L.Load(x + i) - mean) * inverse, scale, offset), y + i, size - i);
    }

    /// <summary>A row in which every element is its own channel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Elements<L>(byte* x, byte* weight, byte* bias, byte* y, int length, L mean, L inverse)
        where L : struct, ILanes<L>
    {
        long size = (long)length * L.ElementSize, step = L.Count * L.ElementSize;
        for (long i = 0; i < size; i += step)
        {
            L scale = weight is null ? L.Of(1) : L.Load(weight + i), offset = bias is null ? L.Zero : L.Load(bias + i);
            L value = L.Fma((L.Load(x + i) - mean) * inverse, scale, offset);
            if (i + step <= size) L.Store(value, y + i);
            else Partial.Store(value, y + i, size - i);
        }
    }

    /// <summary>A double, rounded to the element type.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Rounded<L>(double value) where L : struct, ILanes<L> => L.IsSingle ? (float)value : value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put<L>(byte* array, long index, double value) where L : struct, ILanes<L>
    {
        if (L.IsSingle) ((float*)array)[index] = (float)value;
        else ((double*)array)[index] = value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Get<L>(byte* array, long index)
        where L : struct, ILanes<L> => L.IsSingle ? ((float*)array)[index] : ((double*)array)[index];
}
