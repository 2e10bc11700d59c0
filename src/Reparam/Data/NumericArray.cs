using System.Buffers.Binary;
using Reparam.Tensors;

namespace Reparam.Data;

/// <summary>
/// An n-dimensional array of a file: a number format, a shape, and the elements in row-major order and little-endian
/// bytes. All readers of array files return this type, and the NumPy writer takes it. Immutable.
/// </summary>
public sealed class NumericArray
{
    internal NumericArray(ElementKind kind, Shape shape, ReadOnlyMemory<byte> content)
    {
        if (content.Length != (long)shape.Size * kind.Size())
        {
            throw new ArgumentException($"An array {shape} of {kind} needs {(long)shape.Size * kind.Size()} bytes, " +
                $"not {content.Length}.", nameof(content));
        }

        Kind = kind;
        Shape = shape;
        Content = content;
    }

    /// <summary>The number format of the elements.</summary>
    public ElementKind Kind { get; }

    /// <summary>The extents, outermost axis first.</summary>
    public Shape Shape { get; }

    /// <summary>The bytes of the elements: row-major, little-endian.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>An array of unsigned bytes.</summary>
    /// <exception cref="ArgumentException">The elements do not fill the shape.</exception>
    public static NumericArray FromBytes(Shape shape, ReadOnlySpan<byte> elements) =>
        new(ElementKind.UInt8, shape, elements.ToArray());

    /// <summary>An array of 32-bit integers.</summary>
    /// <exception cref="ArgumentException">The elements do not fill the shape.</exception>
    public static NumericArray FromInt32(Shape shape, ReadOnlySpan<int> elements)
    {
        byte[] content = new byte[checked(elements.Length * 4)];
        for (int i = 0; i < elements.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(i * 4), elements[i]);
        return new NumericArray(ElementKind.Int32, shape, content);
    }

    /// <summary>An array of 32-bit floats.</summary>
    /// <exception cref="ArgumentException">The elements do not fill the shape.</exception>
    public static NumericArray FromFloat32(Shape shape, ReadOnlySpan<float> elements)
    {
        byte[] content = new byte[checked(elements.Length * 4)];
        for (int i = 0; i < elements.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(content.AsSpan(i * 4), elements[i]);
        return new NumericArray(ElementKind.Float32, shape, content);
    }

    /// <summary>The element at a row-major position, as a double. 64-bit integers beyond 2^53 are rounded.</summary>
    public double this[int index]
    {
        get
        {
            ReadOnlySpan<byte> at = Content.Span.Slice(checked(index * Kind.Size()), Kind.Size());
            return Kind switch
            {
                ElementKind.Boolean => at[0] == 0 ? 0 : 1,
                ElementKind.UInt8 => at[0],
                ElementKind.Int8 => (sbyte)at[0],
                ElementKind.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(at),
                ElementKind.Int16 => BinaryPrimitives.ReadInt16LittleEndian(at),
                ElementKind.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(at),
                ElementKind.Int32 => BinaryPrimitives.ReadInt32LittleEndian(at),
                ElementKind.UInt64 => BinaryPrimitives.ReadUInt64LittleEndian(at),
                ElementKind.Int64 => BinaryPrimitives.ReadInt64LittleEndian(at),
                ElementKind.Float32 => BinaryPrimitives.ReadSingleLittleEndian(at),
                _ => BinaryPrimitives.ReadDoubleLittleEndian(at),
            };
        }
    }

    /// <summary>Whether the elements are whole bytes (<see cref="ElementKind.UInt8"/> or
    /// <see cref="ElementKind.Boolean"/>).</summary>
    public bool HoldsBytes => Kind is ElementKind.UInt8 or ElementKind.Boolean;

    /// <summary>All elements as 32-bit floats, rounded to the nearest float.</summary>
    public float[] ToFloat32()
    {
        float[] values = new float[Shape.Size];
        for (int i = 0; i < values.Length; i++) values[i] = (float)this[i];
        return values;
    }

    /// <summary>All elements as 64-bit floats.</summary>
    public double[] ToFloat64()
    {
        double[] values = new double[Shape.Size];
        for (int i = 0; i < values.Length; i++) values[i] = this[i];
        return values;
    }

    /// <summary>All elements as integers, for labels.</summary>
    /// <exception cref="InvalidOperationException">An element is not a 32-bit whole number. The message gives its
    /// position and value.</exception>
    public int[] ToInt32()
    {
        int[] values = new int[Shape.Size];
        for (int i = 0; i < values.Length; i++)
        {
            double value = this[i];
            if (!(value >= int.MinValue && value <= int.MaxValue) || value != Math.Truncate(value))
                throw new InvalidOperationException($"Element {i} is {value}, which is not a 32-bit whole number.");
            values[i] = (int)value;
        }

        return values;
    }
}
