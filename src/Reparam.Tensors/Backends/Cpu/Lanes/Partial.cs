using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>Stores of part of a vector.</summary>
internal static unsafe class Partial
{
    /// <summary>Stores the first <paramref name="size"/> bytes of a vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<L>(L value, byte* target, long size) where L : struct, ILanes<L>
    {
        if (Avx512F.IsSupported && L.Count * L.ElementSize == 64)
        {
            // Elements have four or eight bytes, so four bytes are the unit.
            Vector512<int> stored = Vector512.LessThan(
                Vector512<int>.Indices, Vector512.Create((int)(size / sizeof(float))));
            Avx512F.MaskStore((float*)target, stored.AsSingle(), Unsafe.BitCast<L, Vector512<float>>(value));
            return;
        }

        Copy(value, target, size);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Copy<L>(L value, byte* target, long size) where L : struct, ILanes<L>
    {
        byte* copy = stackalloc byte[64];
        L.Store(value, copy);
        Unsafe.CopyBlockUnaligned(target, copy, (uint)size);
    }
}
