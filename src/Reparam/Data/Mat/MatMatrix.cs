using System.Buffers.Binary;
using System.Text;
using Reparam.Tensors;

namespace Reparam.Data;

/// <summary>Reads the sub-elements of a MATLAB array: flags, dimensions, name, real part.</summary>
internal static class MatMatrix
{
    internal static (string Name, NumericArray Array) Read(UnpackedFile file, byte[] content, MatElement matrix)
    {
        int end = matrix.Data + matrix.Length;
        MatElement flags = MatElement.At(file, content, matrix.Data, end, padded: true);
        if (flags.Length < 8) throw file.Bad(flags.Data, "an array's flags are cut short; the file is damaged.");
        uint word = BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(flags.Data));
        ElementKind kind = KindOf(file, flags.Data, word & 0xFF, (word & 0x0200) != 0);
        if ((word & 0x0800) != 0) throw file.Bad(flags.Data, "it holds a complex array, which is not read; save the real part alone.");

        MatElement dimensions = MatElement.At(file, content, flags.End, end, padded: true);
        Shape shape = ShapeOf(file, content, dimensions);
        MatElement name = MatElement.At(file, content, dimensions.End, end, padded: true);
        MatElement real = MatElement.At(file, content, name.End, end, padded: true);
        if (StoredKind(real.Type) is not { } stored)
            throw file.Bad(real.Data, $"its numbers are stored as type {real.Type}, which is not numeric; the file is damaged.");
        if ((long)shape.Size * stored.Size() != real.Length)
            throw file.Bad(real.Data, $"its dimensions {shape} need {(long)shape.Size * stored.Size()} bytes and {real.Length} are there; the file is damaged.");

        byte[] elements = ColumnMajor.ToRowMajor(content.AsSpan(real.Data, real.Length), shape, stored.Size());
        NumericArray array = new(stored, shape, elements);
        // MATLAB stores doubles that happen to be small whole numbers as bytes: the class says what they are.
        if (stored != kind && !(kind == ElementKind.Boolean && stored == ElementKind.UInt8)) array = Widen(file, real, array, kind);
        return (Encoding.ASCII.GetString(content, name.Data, name.Length), array);
    }

    private static Shape ShapeOf(UnpackedFile file, byte[] content, MatElement dimensions)
    {
        int rank = dimensions.Length / 4;
        if (rank is < 1 or > Shape.MaxRank || dimensions.Length % 4 != 0)
            throw file.Bad(dimensions.Data, $"an array has {rank} dimensions, and 1 to {Shape.MaxRank} are read; reshape it before saving.");
        Span<int> extents = stackalloc int[rank];
        long size = 1;
        for (int axis = 0; axis < rank; axis++)
        {
            extents[axis] = BinaryPrimitives.ReadInt32LittleEndian(content.AsSpan(dimensions.Data + 4 * axis));
            size = extents[axis] < 0 ? long.MaxValue : size * extents[axis];
            if (size > int.MaxValue) throw file.Bad(dimensions.Data, "an array's dimensions are negative or too large; the file is damaged.");
        }

        return Shape.Create(extents);
    }

    private static NumericArray Widen(UnpackedFile file, MatElement real, NumericArray array, ElementKind kind)
    {
        if (kind == ElementKind.Float32) return NumericArray.FromFloat32(array.Shape, array.ToFloat32());
        if (kind == ElementKind.Float64)
        {
            byte[] doubles = new byte[checked(array.Shape.Size * 8)];
            for (int i = 0; i < array.Shape.Size; i++) BinaryPrimitives.WriteDoubleLittleEndian(doubles.AsSpan(i * 8), array[i]);
            return new NumericArray(kind, array.Shape, doubles);
        }

        // Integers stored narrower than their class keep their value in the stored form, which is as exact.
        return array.Kind.Size() <= kind.Size() && array.Kind is not (ElementKind.Float32 or ElementKind.Float64)
            ? array
            : throw file.Bad(real.Data, "an array's numbers are stored wider than its class allows; the file is damaged.");
    }

    private static ElementKind KindOf(UnpackedFile file, int at, uint matlabClass, bool logical) => matlabClass switch
    {
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
        1 => throw Refused(file, at, "a cell array"),
        2 => throw Refused(file, at, "a struct"),
        3 => throw Refused(file, at, "an object"),
        4 => throw Refused(file, at, "text"),
        5 => throw Refused(file, at, "a sparse array"),
        _ => throw Refused(file, at, $"an array of unknown class {matlabClass}"),
    };

    private static InvalidDataFileException Refused(UnpackedFile file, int at, string what) =>
        file.Bad(at, $"it holds {what}, and only real numeric arrays are read; save the numbers alone.");

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
