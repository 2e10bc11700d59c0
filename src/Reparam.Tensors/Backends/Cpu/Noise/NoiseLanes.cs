using System.Runtime.CompilerServices;

namespace Reparam.Tensors.Backends.Cpu;

/// <summary>Converts random words to numbers. Integers are converted to floating point exactly, through the mantissa of
/// 2^23 or 2^52.</summary>
internal static class NoiseLanes
{
    /// <summary>The top 24 (53) bits as a multiple of 2^-24 (2^-53) in [0, 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Uniform<L>(L words) where L : struct, ILanes<L> => L.IsSingle
        ? L.Fma(Number(L.ShiftRight(words, 16)), L.Of(1.0 / (1 << 16)),
            Number(L.ShiftRight(words, 8) & L.OfBits(0xFF)) * L.Of(1.0 / (1 << 24)))
        : L.Fma(Number(L.ShiftRight(words, 32)), L.Of(1.0 / (1L << 32)),
            Number(L.ShiftRight(words, 11) & L.OfBits(0x1FFFFF)) * L.Of(1.0 / (1L << 53)));

    /// <summary>The midpoint of one of 2^23 (2^52) cells of (0, 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L UniformOpen<L>(L words) where L : struct, ILanes<L> => L.IsSingle
        ? (Number(L.ShiftRight(words, 9)) + L.Of(0.5)) * L.Of(1.0 / (1 << 23))
        : (Number(L.ShiftRight(words, 12)) + L.Of(0.5)) * L.Of(1.0 / (1L << 52));

    /// <summary>Box and Muller (1958): the cosine and the sine of a normal pair.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Normal<L>(L radiusWords, L angleWords, out L sine) where L : struct, ILanes<L>
    {
        L u = Positive(radiusWords);
        L radius = L.Sqrt(L.Of(-2) * Logarithm.Log(u));
        L cosine = Trigonometric.CosSinOfTurn(Uniform(angleWords), out sine);
        sine *= radius;
        return cosine * radius;
    }

    /// <summary>(w + 1/2) 2^-32 rounded to Float32, (w >> 11 + 1/2) 2^-53 rounded to Float64: in (0, 1], with fine
    /// resolution near 0, which gives the tail of the normal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Positive<L>(L words) where L : struct, ILanes<L>
    {
        if (!L.IsSingle) return Uniform(words) + L.Of(1.0 / (1L << 54));
        // The word is rounded to Float32 once, in the FMA of its two exact halves.
        L number = L.Fma(Number(L.ShiftRight(words, 16)), L.Of(65536), Number(words & L.OfBits(0xFFFF)));
        return L.Fma(number, L.Of(1.0 / (1L << 32)), L.Of(1.0 / (1L << 33)));
    }

    /// <summary>A non-negative integer below 2^23 (2^52) as a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Number<L>(L integer) where L : struct, ILanes<L> => L.IsSingle
        ? (integer | L.OfBits(0x4B000000)) - L.Of(8388608.0)
        : (integer | L.OfBits(0x4330000000000000)) - L.Of(4503599627370496.0);
}
