using Reparam.Tensors.Memory;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>Pools and normalisations.</summary>
internal sealed unsafe partial class CpuBackend
{
    public override void Pool(
        PoolKernel kernel, TensorBuffer source, TensorBuffer? planes, TensorBuffer target, in PoolPlan plan)
    {
        bool forward = kernel is PoolKernel.Sum or PoolKernel.Max;
        long image = (long)plan.Planes * plan.Height * plan.Width,
            pooled = (long)plan.Planes * plan.OutHeight * plan.OutWidth;
        Require(source.DType == target.DType && source.Length == (forward ? image : pooled)
            && target.Length == (forward ? pooled : image));
        Require(kernel != PoolKernel.MaxGradient
            || (planes is not null && planes.DType == target.DType && planes.Length == image));
        byte* maxima = planes is null ? null : planes.Pointer;
        if (target.DType == DType.Float32) Run<float>(plan);
        else Run<double>(plan);
        GC.KeepAlive(source);
        GC.KeepAlive(planes);
        GC.KeepAlive(target);

        void Run<T>(in PoolPlan plan) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            PoolJob<T> job = new()
            {
                Kernel = kernel, Plan = plan, Source = (T*)source.Pointer, Planes = (T*)maxima,
                Target = (T*)target.Pointer,
            };
            WorkerPool.For(job.Chunks, 2 * pooled * plan.KernelHeight * plan.KernelWidth, ref job);
        }
    }

    public override void Normalize(TensorBuffer x, TensorBuffer? weight, TensorBuffer? bias, TensorBuffer y,
        TensorBuffer statistics, in NormPlan plan)
    {
        RequireNorm(x, weight, statistics, y, plan);
        Require(bias is null || (bias.DType == x.DType && bias.Length == plan.Channels));
        NormalizeTask task = new()
        {
            X = x.Pointer, Y = y.Pointer, Statistics = statistics.Pointer, Plan = plan,
            Weight = weight is null ? null : weight.Pointer, Bias = bias is null ? null : bias.Pointer,
        };
        SimdLevel.Run(x.DType, ref task);
        GC.KeepAlive(x);
        GC.KeepAlive(weight);
        GC.KeepAlive(bias);
        GC.KeepAlive(y);
        GC.KeepAlive(statistics);
    }

    public override void NormalizeGradient(
        TensorBuffer g, TensorBuffer x, TensorBuffer? weight, TensorBuffer statistics, TensorBuffer dx,
        TensorBuffer? byWeight, TensorBuffer? byBias, in NormPlan plan)
    {
        RequireNorm(x, weight, statistics, dx, plan);
        long parts = (long)plan.Outer * plan.Channels;
        Require(g.DType == x.DType && g.Length == x.Length && (byWeight is null) == (weight is null));
        Require(byWeight is null || (byWeight.DType == x.DType && byWeight.Length == parts));
        Require(byBias is null || (byBias.DType == x.DType && byBias.Length == parts && plan.Inner > 1));
        NormalizeGradientTask task = new()
        {
            G = g.Pointer, X = x.Pointer, Statistics = statistics.Pointer, Dx = dx.Pointer, Plan = plan,
            Weight = weight is null ? null : weight.Pointer,
            ByWeight = byWeight is null ? null : byWeight.Pointer, ByBias = byBias is null ? null : byBias.Pointer,
        };
        SimdLevel.Run(x.DType, ref task);
        GC.KeepAlive(g);
        GC.KeepAlive(x);
        GC.KeepAlive(weight);
        GC.KeepAlive(statistics);
        GC.KeepAlive(dx);
        GC.KeepAlive(byWeight);
        GC.KeepAlive(byBias);
    }

    private static void RequireNorm(
        TensorBuffer x, TensorBuffer? weight, TensorBuffer statistics, TensorBuffer y, in NormPlan plan)
    {
        Require(plan.Groups > 0 && plan.Channels % plan.Groups == 0
            && x.Length == (long)plan.Outer * plan.Channels * plan.Inner);
        Require(y.DType == x.DType && y.Length == x.Length && statistics.DType == x.DType
            && statistics.Length == 3L * plan.Sets);
        Require(weight is null || (weight.DType == x.DType && weight.Length == plan.Channels));
    }
}
