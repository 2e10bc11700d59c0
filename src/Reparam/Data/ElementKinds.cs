namespace Reparam.Data;

/// <summary>Properties of element kinds that the readers share.</summary>
internal static class ElementKinds
{
    /// <summary>Bytes per element.</summary>
    internal static int Size(this ElementKind kind) => kind switch
    {
        ElementKind.Boolean or ElementKind.UInt8 or ElementKind.Int8 => 1,
        ElementKind.UInt16 or ElementKind.Int16 => 2,
        ElementKind.UInt32 or ElementKind.Int32 or ElementKind.Float32 => 4,
        _ => 8,
    };

    /// <summary>Swaps the bytes of every element in place: big-endian to little-endian and back.</summary>
    internal static void SwapBytes(Span<byte> elements, int size)
    {
        if (size == 1) return;
        for (int at = 0; at + size <= elements.Length; at += size) elements.Slice(at, size).Reverse();
    }
}
