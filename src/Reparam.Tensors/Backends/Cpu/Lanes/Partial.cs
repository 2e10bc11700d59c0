using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>Stores of less than a vector.</summary>
internal static unsafe class Partial
{
    /// <summary>Stores the first <paramref name="size"/> bytes of a vector.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Store<L>(L value, byte* target, long size) where L : struct, ILanes<L>
    {
        byte* copy = stackalloc byte[64];
        L.Store(value, copy);
        Unsafe.CopyBlockUnaligned(target, copy, (uint)size);
    }
}
