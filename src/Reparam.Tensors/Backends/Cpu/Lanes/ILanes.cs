namespace Reparam.Tensors.Backends.Cpu;

/// <summary>
/// A vector of lanes of one element type and one width. Kernels are written once against this interface and specialised
/// by the JIT for <see cref="Lanes512{T}"/>, <see cref="Lanes256{T}"/> and <see cref="Lanes128{T}"/>. Every member is
/// exact or correctly rounded per lane (IEEE 754), so a kernel that uses only these members gives the same bits at
/// every width.
/// </summary>
internal unsafe interface ILanes<L>
    where L : struct, ILanes<L>
{
    /// <summary>Number of lanes.</summary>
    static abstract int Count { get; }

    /// <summary>Bytes of one element: 4 for Float32, 8 for Float64.</summary>
    static abstract int ElementSize { get; }

    /// <summary>Whether the lanes are Float32.</summary>
    static abstract bool IsSingle { get; }

    static abstract L Zero { get; }

    /// <summary>Every lane = value, rounded to the element type.</summary>
    static abstract L Of(double value);

    /// <summary>Every lane = the low bits of <paramref name="bits"/>.</summary>
    static abstract L OfBits(ulong bits);

    static abstract L Load(byte* source);

    /// <summary>Every lane = the element at <paramref name="source"/>.</summary>
    static abstract L Broadcast(byte* source);

    static abstract void Store(L value, byte* target);

    /// <summary>The element in lane 0.</summary>
    static abstract double First(L value);

    static abstract L operator +(L left, L right);

    static abstract L operator -(L left, L right);

    static abstract L operator *(L left, L right);

    static abstract L operator /(L left, L right);

    /// <summary>Bitwise, on integers: of a mask whose bits are a denormal number, such as 0xFFFF, the compiler of the
    /// runtime 10.0.12 makes 0 or an illegal instruction if it reads the mask as a number while the processor flushes
    /// denormal numbers to zero.</summary>
    static abstract L operator &(L left, L right);

    static abstract L operator |(L left, L right);

    static abstract L operator ^(L left, L right);

    /// <summary>left * right + addend, rounded once.</summary>
    static abstract L Fma(L left, L right, L addend);

    static abstract L Sqrt(L value);

    /// <summary>All bits set in lanes where left &lt; right; false for NaN.</summary>
    static abstract L Less(L left, L right);

    /// <summary>All bits set in lanes where left &lt;= right; false for NaN.</summary>
    static abstract L LessOrEqual(L left, L right);

    /// <summary>All bits set in lanes where left == right; false for NaN.</summary>
    static abstract L Equal(L left, L right);

    /// <summary>The lanes of <paramref name="yes"/> where the mask is set, the lanes of <paramref name="no"/>
    /// elsewhere.</summary>
    static abstract L Select(L mask, L yes, L no);

    /// <summary>Integer addition of the lanes' bits.</summary>
    static abstract L AddBits(L left, L right);

    static abstract L ShiftLeft(L value, int count);

    static abstract L ShiftRight(L value, int count);

    /// <summary>Whether any lane has any bit set.</summary>
    static abstract bool Any(L mask);
}
