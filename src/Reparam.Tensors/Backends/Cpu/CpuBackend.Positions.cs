using System.Numerics;
using Reparam.Tensors.Memory;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>Kernels that work with positions along one axis: cumulative sums and selections.</summary>
internal sealed unsafe partial class CpuBackend
{
    public override void CumulativeSum(TensorBuffer x, TensorBuffer y, int outer, int extent, int inner, bool backward)
    {
        Require(Like(y, x) && y.Length == (long)outer * extent * inner);
        if (y.Length == 0) return;
        if (y.DType == DType.Float32) Run<float>();
        else Run<double>();
        GC.KeepAlive(x);
        GC.KeepAlive(y);

        void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            CumulativeSumJob<T> job = new(outer, extent, inner)
            {
                X = (T*)x.Pointer, Y = (T*)y.Pointer, Backward = backward,
            };
            WorkerPool.For(job.Chunks, y.Length * 4L, ref job);
        }
    }

    public override void Pick(TensorBuffer x, ReadOnlySpan<int> positions, TensorBuffer y, in PickPlan plan)
    {
        Require(x.DType == y.DType && Fits(positions, plan, x.Length, y.Length));
        if (y.Length == 0) return;
        fixed (int* address = positions)
        {
            if (y.DType == DType.Float32) Run<float>(address, plan);
            else Run<double>(address, plan);
        }

        GC.KeepAlive(x);
        GC.KeepAlive(y);

        void Run<T>(int* address, PickPlan plan) where T : unmanaged
        {
            PickJob<T> job = new() { X = (T*)x.Pointer, Y = (T*)y.Pointer, Positions = address, Plan = plan };
            WorkerPool.For(job.Chunks, y.Length * 2L, ref job);
        }
    }

    public override void PickGradient(TensorBuffer g, ReadOnlySpan<int> positions, TensorBuffer dx, in PickPlan plan)
    {
        Require(g.DType == dx.DType && Fits(positions, plan, dx.Length, g.Length));
        Fill(dx, 0);
        if (g.Length == 0) return;
        fixed (int* address = positions)
        {
            if (g.DType == DType.Float32) Run<float>(address, plan);
            else Run<double>(address, plan);
        }

        GC.KeepAlive(g);
        GC.KeepAlive(dx);

        void Run<T>(int* address, PickPlan plan) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            PickGradientJob<T> job = new() { G = (T*)g.Pointer, X = (T*)dx.Pointer, Positions = address, Plan = plan };
            WorkerPool.For(job.Chunks, g.Length * 2L, ref job);
        }
    }

    /// <summary>Whether the lengths agree with the plan and every position lies within the axis; a kernel writes at the
    /// positions.</summary>
    private static bool Fits(ReadOnlySpan<int> positions, in PickPlan plan, int whole, int chosen)
    {
        long rows = (long)plan.Outer * plan.Inner;
        if (whole != rows * plan.Extent || chosen != rows * plan.Count) return false;
        if (positions.Length != (plan.PerElement ? chosen : plan.Count)) return false;
        foreach (int position in positions)
        {
            if ((uint)position >= (uint)plan.Extent) return false;
        }

        return true;
    }
}
