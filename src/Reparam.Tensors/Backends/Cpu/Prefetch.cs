using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>Hints that cache lines will be needed soon. They do nothing on a processor without such hints. The address
/// need not be valid.</summary>
internal static unsafe class Prefetch
{
    public const int Line = 64;

    /// <summary>Fetches into the first-level cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Near(byte* address)
    {
        if (Sse.IsSupported) Sse.Prefetch0(address);
    }

    /// <summary>Fetches into the second-level cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Far(byte* address)
    {
        if (Sse.IsSupported) Sse.Prefetch1(address);
    }
}
