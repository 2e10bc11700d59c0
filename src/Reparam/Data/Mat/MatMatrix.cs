using System.Buffers.Binary;
using System.Text;
using Reparam.Tensors;

namespace Reparam.Data;

/// <summary>
/// Reads the sub-elements of a MATLAB array: flags, dimensions, name, and the numbers of a full or sparse array.
/// </summary>
internal static class MatMatrix
{
    private const uint Opaque = 17;
    private const uint Sparse = 5;

    /// <summary>
    /// An array, whose numbers are read on demand; null for an element without a name, which MATLAB uses internally.
    /// </summary>
    internal static ArrayMember? Of(UnpackedFile file, byte[] content, MatElement matrix)
    {
        int end = matrix.Data + matrix.Length;
        MatElement flags = MatElement.At(file, content, matrix.Data, end, padded: true);
        if (flags.Length < 8) throw file.Bad(flags.Data, "the flags of an array are cut short; the file is damaged.");
        uint word = BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(flags.Data));
        uint matlabClass = word & 0xFF;
        bool logical = (word & 0x0200) != 0;
        string? foreign = (word & 0x0800) != 0 ? "complex numbers" : KindOf(matlabClass, logical) is null
            ? NameOf(matlabClass) : null;
        // An opaque MATLAB object has its name at the place of the dimensions of other arrays.
        MatElement dimensions = MatElement.At(file, content, flags.End, end, padded: true);
        MatElement name = matlabClass == Opaque ? dimensions
            : MatElement.At(file, content, dimensions.End, end, padded: true);
        string text = Encoding.ASCII.GetString(content, name.Data, name.Length);
        if (text.Length == 0) return null;
        return new ArrayMember(text, foreign, () =>
        {
            if (foreign is not null)
            {
                throw file.Bad(
                    flags.Data, $"it holds {foreign}, and only real numeric arrays are read; save only the numbers.");
            }

            ElementKind kind = KindOf(matlabClass, logical)!.Value;
            Shape shape = ShapeOf(file, content, dimensions);
            return matlabClass == Sparse ? MatSparse.Read(file, content, name.End, end, shape, kind)
                : Full(file, content, MatElement.At(file, content, name.End, end, padded: true), shape, kind);
        });
    }

    private static NumericArray Full(UnpackedFile file, byte[] content, MatElement real, Shape shape, ElementKind kind)
    {
        NumericArray array = Stored(file, content, real, shape);
        // MATLAB stores doubles that are small whole numbers as bytes. The class of the array gives the type to convert
        // to.
        return array.Kind == kind || (kind == ElementKind.Boolean && array.Kind == ElementKind.UInt8) ? array
            : Widen(file, real, array, kind);
    }

    /// <summary>The numbers of an element in their stored number format, row-major.</summary>
    internal static NumericArray Stored(UnpackedFile file, byte[] content, MatElement numbers, Shape shape)
    {
        if (StoredKind(numbers.Type) is not { } stored)
        {
            throw file.Bad(numbers.Data,
                $"its numbers are stored as type {numbers.Type}, which is not numeric; the file is damaged.");
        }

        if ((long)shape.Size * stored.Size() != numbers.Length)
        {
            throw file.Bad(numbers.Data, $"its dimensions {shape} need {(long)shape.Size * stored.Size()} bytes, and " +
                $"the file has {numbers.Length}; the file is damaged.");
        }

        return new NumericArray(
            stored, shape, ColumnMajor.ToRowMajor(content.AsSpan(numbers.Data, numbers.Length), shape, stored.Size()));
    }

    private static Shape ShapeOf(UnpackedFile file, byte[] content, MatElement dimensions)
    {
        int rank = dimensions.Length / 4;
        if (rank is < 1 or > Shape.MaxRank || dimensions.Length % 4 != 0)
        {
            throw file.Bad(dimensions.Data,
                $"an array has {rank} dimensions, and 1 to {Shape.MaxRank} are supported; reshape it before saving.");
        }

        Span<int> extents = stackalloc int[rank];
        long size = 1;
        for (int axis = 0; axis < rank; axis++)
        {
            extents[axis] = BinaryPrimitives.ReadInt32LittleEndian(content.AsSpan(dimensions.Data + 4 * axis));
            size = extents[axis] < 0 ? long.MaxValue : size * extents[axis];
            if (size > int.MaxValue)
            {
                throw file.Bad(
                    dimensions.Data, "the dimensions of an array are negative or too large; the file is damaged.");
            }
        }

        return Shape.Create(extents);
    }

    private static NumericArray Widen(UnpackedFile file, MatElement real, NumericArray array, ElementKind kind)
    {
        if (kind == ElementKind.Float32) return NumericArray.FromFloat32(array.Shape, array.ToFloat32());
        if (kind == ElementKind.Float64)
        {
            byte[] doubles = new byte[checked(array.Shape.Size * 8)];
            for (int i = 0; i < array.Shape.Size; i++)
                BinaryPrimitives.WriteDoubleLittleEndian(doubles.AsSpan(i * 8), array[i]);
            return new NumericArray(kind, array.Shape, doubles);
        }

        // Integers that are stored in a narrower type than their class keep the stored type. Their values are exact.
        return array.Kind.Size() <= kind.Size() && array.Kind is not (ElementKind.Float32 or ElementKind.Float64)
            ? array
            : throw file.Bad(
                real.Data, "the numbers of an array are stored in a wider type than its class; the file is damaged.");
    }

    private static ElementKind? KindOf(uint matlabClass, bool logical) => matlabClass switch
    {
        Sparse => logical ? ElementKind.Boolean : ElementKind.Float64,
        6 => ElementKind.Float64,
        7 => ElementKind.Float32,
        8 => ElementKind.Int8,
        9 => logical ? ElementKind.Boolean : ElementKind.UInt8,
        10 => ElementKind.Int16,
        11 => ElementKind.UInt16,
        12 => ElementKind.Int32,
        13 => ElementKind.UInt32,
        14 => ElementKind.Int64,
        15 => ElementKind.UInt64,
        _ => null,
    };

    private static string NameOf(uint matlabClass) => matlabClass switch
    {
        1 => "a cell array",
        2 => "a struct",
        3 or Opaque => "an object",
        4 => "text",
        16 => "a function",
        _ => $"an array of unknown class {matlabClass}",
    };

    private static ElementKind? StoredKind(uint type) => type switch
    {
        1 => ElementKind.Int8,
        2 => ElementKind.UInt8,
        3 => ElementKind.Int16,
        4 => ElementKind.UInt16,
        5 => ElementKind.Int32,
        6 => ElementKind.UInt32,
        7 => ElementKind.Float32,
        9 => ElementKind.Float64,
        12 => ElementKind.Int64,
        13 => ElementKind.UInt64,
        _ => null,
    };
}
