using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>Hints that lines of memory will be wanted soon; nothing where the processor takes none. An address need not
/// be valid.</summary>
internal static unsafe class Prefetch
{
    public const int Line = 64;

    /// <summary>Into the first-level cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Near(byte* address)
    {
        if (Sse.IsSupported) Sse.Prefetch0(address);
    }

    /// <summary>Into the second-level cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Far(byte* address)
    {
        if (Sse.IsSupported) Sse.Prefetch1(address);
    }
}
