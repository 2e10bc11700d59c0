using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>Operations on sign and mantissa bits that the elementary functions share.</summary>
internal static class Bits
{
    /// <summary>1.5 * 2^23 or 1.5 * 2^52: added to a small number, it leaves the nearest integer in the low
    /// bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Magic<L>() where L : struct, ILanes<L> => L.IsSingle ? 12582912.0 : 6755399441055744.0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L SignMask<L>()
        where L : struct, ILanes<L> => L.OfBits(L.IsSingle ? 0x80000000UL : 0x8000000000000000UL);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Abs<L>(L x)
        where L : struct, ILanes<L> => x & L.OfBits(L.IsSingle ? 0x7FFFFFFFUL : 0x7FFFFFFFFFFFFFFFUL);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Negate<L>(L x) where L : struct, ILanes<L> => x ^ SignMask<L>();

    /// <summary>x, and 0 where |x| is below the normal numbers (2^-126 or 2^-1022).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Normal<L>(L x) where L : struct, ILanes<L> =>
        L.Select(L.Less(Abs(x), L.Of(L.IsSingle ? LeastNormal.Single : LeastNormal.Double)), L.Zero, x);

    /// <summary>max(a, b), NaN if either is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Maximum<L>(L a, L b) where L : struct, ILanes<L> =>
        L.Select(L.Equal(a, a), L.Select(L.Less(b, a), a, b), a);

    /// <summary>min(a, b), NaN if either is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Minimum<L>(L a, L b) where L : struct, ILanes<L> =>
        L.Select(L.Equal(a, a), L.Select(L.Less(a, b), a, b), a);
}
