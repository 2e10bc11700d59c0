using Reparam.Tensors;

namespace Reparam.Data;

/// <summary>The element order of Fortran and MATLAB, in which the index of the first axis changes fastest.</summary>
internal static class ColumnMajor
{
    /// <summary>Rearranges column-major elements of <paramref name="size"/> bytes each into row-major order.</summary>
    internal static byte[] ToRowMajor(ReadOnlySpan<byte> elements, Shape shape, int size)
    {
        byte[] rows = new byte[elements.Length];
        ReadOnlySpan<int> extents = shape.AsSpan();
        Span<int> index = stackalloc int[Shape.MaxRank];
        Span<int> strides = stackalloc int[Shape.MaxRank]; // of the source, in elements
        int stride = 1;
        for (int axis = 0; axis < extents.Length; axis++)
        {
            strides[axis] = stride;
            stride *= extents[axis];
        }

        int source = 0;
        for (int at = 0; at < rows.Length; at += size)
        {
            elements.Slice(source * size, size).CopyTo(rows.AsSpan(at));
            for (int axis = extents.Length - 1; axis >= 0; axis--)
            {
                source += strides[axis];
                if (++index[axis] < extents[axis]) break;
                source -= strides[axis] * extents[axis];
                index[axis] = 0;
            }
        }

        return rows;
    }
}
