using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>Work that is written for every lane type.</summary>
internal interface ILaneTask
{
    void Run<L>() where L : struct, ILanes<L>;
}

/// <summary>The only place that chooses a vector width.</summary>
internal static class SimdLevel
{
    /// <summary>Width of the vectors that the kernels use.</summary>
    public static int VectorBits => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    /// <summary>Whether the processor has a fused multiply-add instruction. Without it the kernels are correct but
    /// slow.</summary>
    public static bool HasFma => Fma.IsSupported || AdvSimd.IsSupported;

    /// <summary>Runs a task with the widest lanes of the machine.</summary>
    public static void Run<TTask>(DType type, ref TTask task)
        where TTask : struct, ILaneTask
    {
        bool single = type == DType.Float32;
        if (Vector512.IsHardwareAccelerated)
        {
            if (single) task.Run<Lanes512<float>>();
            else task.Run<Lanes512<double>>();
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            if (single) task.Run<Lanes256<float>>();
            else task.Run<Lanes256<double>>();
        }
        else
        {
            if (single) task.Run<Lanes128<float>>();
            else task.Run<Lanes128<double>>();
        }
    }
}
