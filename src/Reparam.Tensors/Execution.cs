using Reparam.Tensors.Backends.Cpu;

namespace Reparam.Tensors;

/// <summary>How operations run on this machine. These settings affect the speed only, never the results.</summary>
public static class Execution
{
    private static int s_threads = Environment.ProcessorCount;

    /// <summary>The number of threads that one operation may use, including the caller's thread; at least 1. The
    /// default is the number of processors. It may be set at any time between operations, and may exceed the number of
    /// processors. In WebAssembly, which cannot start a thread, an operation uses one thread whatever the
    /// value.</summary>
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

    /// <summary>Width of the vectors that the kernels use: 512, 256 or 128 bits.</summary>
    public static int VectorBits => SimdLevel.VectorBits;

    /// <summary>Whether the processor has a fused multiply-add instruction. Without this instruction the results have
    /// the same bits but are computed slowly.</summary>
    public static bool HasFma => SimdLevel.HasFma;
}
