using Reparam.Tensors.Backends.Cpu;

namespace Reparam.Tensors;

/// <summary>How operations run on this machine. Results do not depend on any of it, only speed does.</summary>
public static class Execution
{
    private static int s_threads = Environment.ProcessorCount;

    /// <summary>Threads that one operation may use, the caller's included; at least 1. The default is the number of
    /// processors. It may be set at any time between operations, also to more than the machine has
    /// processors.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public static int Threads
    {
        get => Volatile.Read(ref s_threads);
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            Volatile.Write(ref s_threads, value);
        }
    }

    /// <summary>Width of the vectors the kernels use: 512, 256 or 128 bits.</summary>
    public static int VectorBits => SimdLevel.VectorBits;

    /// <summary>Whether the processor has a fused multiply-add instruction. Without one the same bits are computed
    /// slowly.</summary>
    public static bool HasFma => SimdLevel.HasFma;
}
