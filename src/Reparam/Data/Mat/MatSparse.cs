using System.Buffers.Binary;
using Reparam.Tensors;

namespace Reparam.Data;

/// <summary>
/// Reads a sparse MATLAB matrix as a full matrix. The file stores the numbers column by column, the row index (from 0)
/// of each number, and for each column the position of its first number.
/// </summary>
internal static class MatSparse
{
    internal static NumericArray Read(UnpackedFile file, byte[] content, int at, int end, Shape shape, ElementKind kind)
    {
        if (shape.Rank != 2)
            throw file.Bad(at, $"a sparse array has shape {shape} instead of two axes; the file is damaged.");
        MatElement rows = MatElement.At(file, content, at, end, padded: true);
        MatElement starts = MatElement.At(file, content, rows.End, end, padded: true);
        MatElement numbers = MatElement.At(file, content, starts.End, end, padded: true);
        (int height, int width) = (shape[0], shape[1]);
        if (starts.Length / 4 != width + 1)
        {
            throw file.Bad(starts.Data,
                $"a sparse array of {width} columns has starts for {starts.Length / 4 - 1}; the file is damaged.");
        }

        int size = kind == ElementKind.Boolean ? 1 : 8;
        // A file of a few bytes can declare an array of gigabytes.
        if ((long)shape.Size * size > UnpackedFile.MaxBytes)
        {
            throw file.Bad(at, $"a sparse array of shape {shape} needs {(long)shape.Size * size} bytes as a full " +
                $"array, and at most {UnpackedFile.MaxBytes} are read; save a part of it.");
        }

        int count = Word(starts, width);
        if (count < 0 || count > rows.Length / 4)
        {
            throw file.Bad(starts.Data, $"a sparse array has {count} numbers in its columns and row indices " +
                $"for {rows.Length / 4}; the file is damaged.");
        }

        NumericArray? values = null;
        if (count > 0)
        {
            // The file may reserve more space than it uses.
            int stored = numbers.Type switch { 1 or 2 => 1, 3 or 4 => 2, 5 or 6 or 7 => 4, _ => 8 };
            values = MatMatrix.Stored(file, content, numbers, [numbers.Length / stored]);
            if (values.Shape.Size < count)
            {
                throw file.Bad(numbers.Data, $"a sparse array declares {count} numbers in its columns and " +
                    $"contains {values.Shape.Size}; the file is damaged.");
            }
        }

        byte[] full = new byte[checked(shape.Size * size)];
        for (int column = 0; column < width; column++)
        {
            (int from, int to) = (Word(starts, column), Word(starts, column + 1));
            if (from < 0 || to < from || to > count)
            {
                throw file.Bad(starts.Data,
                    $"column {column} of a sparse array begins at {from} and ends at {to}; the file is damaged.");
            }

            for (int i = from; i < to; i++)
            {
                int row = Word(rows, i);
                if (row < 0 || row >= height)
                {
                    throw file.Bad(
                        rows.Data, $"a sparse array of {height} rows has a number in row {row}; the file is damaged.");
                }

                int place = (row * width + column) * size;
                if (size == 1) full[place] = values![i] == 0 ? (byte)0 : (byte)1;
                else BinaryPrimitives.WriteDoubleLittleEndian(full.AsSpan(place), values![i]);
            }
        }

        return new NumericArray(kind, shape, full);

        int Word(MatElement element, int index) =>
            BinaryPrimitives.ReadInt32LittleEndian(content.AsSpan(element.Data + 4 * index));
    }
}
