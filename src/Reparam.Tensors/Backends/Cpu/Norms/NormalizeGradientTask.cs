using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>
/// The backward pass of a normalisation, one set of normalised elements after another. g is the gradient of the
/// result, h = g * weight and r = 1 / sqrt(variance + epsilon). Then
/// dx = r * (h - mean(h) - r^2 * (x - mean) * mean(h * (x - mean))), where the means are over the set.
/// </summary>
internal unsafe struct NormalizeGradientTask : ILaneTask
{
    public byte* G, X, Weight, Statistics, Dx, ByWeight, ByBias;
    public NormPlan Plan;

    public readonly void Run<L>() where L : struct, ILanes<L>
    {
        Job<L> job = new() { Task = this, SetsPerChunk = NormalizeTask.SetsPerChunk(Plan) };
        WorkerPool.For((Plan.Sets + job.SetsPerChunk - 1) / job.SetsPerChunk,
            8L * Plan.Outer * Plan.Channels * Plan.Inner, ref job);
    }

    private struct Job<L> : IChunkJob
        where L : struct, ILanes<L>
    {
        public NormalizeGradientTask Task;
        public int SetsPerChunk;

        public readonly void Run(int chunk)
        {
            int end = Math.Min((chunk + 1) * SetsPerChunk, Task.Plan.Sets);
            for (int set = chunk * SetsPerChunk; set < end; set++)
            {
                if (Task.Plan.Inner == 1) Elements<L>(Task, set);
                else Channels<L>(Task, set);
            }
        }
    }

    /// <summary>Sets of channels with several elements each. The sums of a channel are used for its weight and bias as
    /// well as for the set.</summary>
    private static void Channels<L>(in NormalizeGradientTask task, int set) where L : struct, ILanes<L>
    {
        NormPlan plan = task.Plan;
        double mean = NormalizeTask.Get<L>(task.Statistics, set),
            inverse = NormalizeTask.Get<L>(task.Statistics, plan.Sets + set);
        // The index of the first (outer, channel) of the set.
        long first = (long)set * plan.Run, step = (long)plan.Inner * L.ElementSize;
        long channel = set % plan.Groups * (long)plan.Run;
        byte* g = task.G + first * step, x = task.X + first * step, dx = task.Dx + first * step;
        L center = L.Of(mean);
        double sum = 0, moment = 0;
        for (int c = 0; c < plan.Run; c++)
        {
            double plain = LaneSums.Sum<L, ValueTerm>(g + c * step, null, plan.Inner, L.Zero);
            double centered = LaneSums.Sum<L, CenteredProductTerm>(g + c * step, x + c * step, plan.Inner, center);
            double weight = task.Weight is null ? 1 : NormalizeTask.Get<L>(task.Weight, channel + c);
            if (task.ByWeight is not null) NormalizeTask.Put<L>(task.ByWeight, first + c, centered * inverse);
            if (task.ByBias is not null) NormalizeTask.Put<L>(task.ByBias, first + c, plain);
            sum += weight * plain;
            moment += weight * centered;
        }

        (L offset, L slope) = Coefficients<L>(sum, moment, inverse, (long)plan.Run * plan.Inner);
        for (int c = 0; c < plan.Run; c++)
        {
            L scale = L.Of(inverse * (task.Weight is null ? 1 : NormalizeTask.Get<L>(task.Weight, channel + c)));
            Channel(g + c * step, x + c * step, dx + c * step, step, center, scale, offset, slope);
        }
    }

    /// <summary>The offset and the slope in dx = r h + offset + slope (x - mean).</summary>
    private static (L Offset, L Slope) Coefficients<L>(double sum, double moment, double inverse, long length)
        where L : struct, ILanes<L> =>
        (L.Of(-inverse * sum / length), L.Of(-inverse * inverse * inverse * moment / length));

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Channel<L>(byte* g, byte* x, byte* dx, long size, L mean, L scale, L offset, L slope)
        where L : struct, ILanes<L>
    {
        long step = L.Count * L.ElementSize, i = 0;
        for (; i <= size - step; i += step)
            L.Store(L.Fma(L.Load(x + i) - mean, slope, L.Fma(L.Load(g + i), scale, offset)), dx + i);
        if (i < size)
            Partial.Store(L.Fma(L.Load(x + i) - mean, slope, L.Fma(L.Load(g + i), scale, offset)), dx + i, size - i);
    }

    /// <summary>A set in which every element is a channel of its own. With a weight, the gradient g r (x - mean) by the
    /// weight of each element is written first. The sum of h (x - mean) is then the sum of each weight times its
    /// gradient, divided by r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Elements<L>(in NormalizeGradientTask task, int set) where L : struct, ILanes<L>
    {
        NormPlan plan = task.Plan;
        double inverse = NormalizeTask.Get<L>(task.Statistics, plan.Sets + set);
        L center = L.Of(NormalizeTask.Get<L>(task.Statistics, set)), scale = L.Of(inverse);
        long size = (long)plan.Run * L.ElementSize, step = L.Count * L.ElementSize;
        byte* g = task.G + set * size, x = task.X + set * size, dx = task.Dx + set * size;
        byte* weight = task.Weight is null ? null : task.Weight + set % plan.Groups * size;
        double sum, moment;
        if (weight is null)
        {
            sum = LaneSums.Sum<L, ValueTerm>(g, null, plan.Run, L.Zero);
            moment = LaneSums.Sum<L, CenteredProductTerm>(g, x, plan.Run, center);
        }
        else
        {
            byte* shares = task.ByWeight + set * size;
            for (long i = 0; i < size; i += step)
            {
                L share = L.Load(g + i) * ((L.Load(x + i) - center) * scale);
                if (i + step <= size) L.Store(share, shares + i);
                else Partial.Store(share, shares + i, size - i);
            }

            sum = LaneSums.Sum<L, CenteredProductTerm>(weight, g, plan.Run, L.Zero);
            moment = LaneSums.Sum<L, CenteredProductTerm>(weight, shares, plan.Run, L.Zero) / inverse;
        }

        (L offset, L slope) = Coefficients<L>(sum, moment, inverse, plan.Run);
        for (long i = 0; i < size; i += step)
        {
            L factor = weight is null ? scale : scale * L.Load(weight + i);
            L value = L.Fma(L.Load(x + i) - center, slope, L.Fma(L.Load(g + i), factor, offset));
            if (i + step <= size) L.Store(value, dx + i);
            else Partial.Store(value, dx + i, size - i);
        }
    }
}
