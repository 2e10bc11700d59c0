namespace Reparam.Data;

/// <summary>Where and how a file stores the elements of an array: in C order from one byte on.</summary>
/// <param name="Kind">The number format of the elements in memory.</param>
/// <param name="Stored">The number of bytes of an element in the file, which is 2 for the half-precision floats that
/// are Float32 in memory.</param>
/// <param name="Swapped">Whether the bytes of an element are in big-endian order.</param>
/// <param name="Extents">The extents, outermost axis first. Their product may exceed one array in memory.</param>
/// <param name="Offset">The position of the first element in the file.</param>
internal sealed record ArrayLayout(ElementKind Kind, int Stored, bool Swapped, int[] Extents, long Offset);
