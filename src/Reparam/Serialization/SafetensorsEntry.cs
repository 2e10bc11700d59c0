using System.Buffers.Binary;
using Reparam.Tensors;

namespace Reparam.Serialization;

/// <summary>One tensor of a safetensors file: name, element type, shape, and the bytes of its elements, row-major and
/// little-endian.</summary>
public sealed class SafetensorsEntry
{
    /// <summary>Creates a tensor from its bytes, which are not copied.</summary>
    /// <exception cref="ArgumentException">The bytes do not fill the shape.</exception>
    public SafetensorsEntry(string name, SafetensorsType type, Shape shape, ReadOnlyMemory<byte> data)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (data.Length != (long)shape.Size * type.Size())
        {
            throw new ArgumentException($"Tensor '{name}' {shape} of {type.Code()} needs " +
                $"{(long)shape.Size * type.Size()} bytes, not {data.Length}.", nameof(data));
        }

        Name = name;
        Type = type;
        Shape = shape;
        Data = data;
    }

    /// <summary>The name of the tensor.</summary>
    public string Name { get; }

    /// <summary>The element type.</summary>
    public SafetensorsType Type { get; }

    /// <summary>The extents, outermost axis first.</summary>
    public Shape Shape { get; }

    /// <summary>The bytes of the elements: row-major, little-endian.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>A tensor of 32-bit floats.</summary>
    /// <exception cref="ArgumentException">The elements do not fill the shape.</exception>
    public static SafetensorsEntry FromFloat32(string name, Shape shape, ReadOnlySpan<float> elements)
    {
        byte[] data = new byte[checked(elements.Length * 4)];
        for (int i = 0; i < elements.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(i * 4), elements[i]);
        return new SafetensorsEntry(name, SafetensorsType.Float32, shape, data);
    }

    /// <summary>A tensor of 64-bit floats.</summary>
    /// <exception cref="ArgumentException">The elements do not fill the shape.</exception>
    public static SafetensorsEntry FromFloat64(string name, Shape shape, ReadOnlySpan<double> elements)
    {
        byte[] data = new byte[checked(elements.Length * 8)];
        for (int i = 0; i < elements.Length; i++)
            BinaryPrimitives.WriteDoubleLittleEndian(data.AsSpan(i * 8), elements[i]);
        return new SafetensorsEntry(name, SafetensorsType.Float64, shape, data);
    }

    /// <summary>A tensor of 64-bit integers, for counters.</summary>
    /// <exception cref="ArgumentException">The elements do not fill the shape.</exception>
    public static SafetensorsEntry FromInt64(string name, Shape shape, ReadOnlySpan<long> elements)
    {
        byte[] data = new byte[checked(elements.Length * 8)];
        for (int i = 0; i < elements.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(data.AsSpan(i * 8), elements[i]);
        return new SafetensorsEntry(name, SafetensorsType.Int64, shape, data);
    }

    /// <summary>The elements of a floating-point tensor as 32-bit floats. F64 is rounded; F16 and BF16 are
    /// exact.</summary>
    /// <exception cref="InvalidOperationException">The tensor does not contain floating-point numbers.</exception>
    public float[] ToFloat32()
    {
        float[] values = new float[Shape.Size];
        for (int i = 0; i < values.Length; i++) values[i] = (float)Float(i);
        return values;
    }

    /// <summary>The elements of a floating-point tensor as 64-bit floats.</summary>
    /// <exception cref="InvalidOperationException">The tensor does not contain floating-point numbers.</exception>
    public double[] ToFloat64()
    {
        double[] values = new double[Shape.Size];
        for (int i = 0; i < values.Length; i++) values[i] = Float(i);
        return values;
    }

    /// <summary>The elements of an I64, I32, U8 or BOOL tensor as 64-bit integers.</summary>
    /// <exception cref="InvalidOperationException">The tensor contains floating-point numbers.</exception>
    public long[] ToInt64()
    {
        long[] values = new long[Shape.Size];
        ReadOnlySpan<byte> data = Data.Span;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Type switch
            {
                SafetensorsType.Bool or SafetensorsType.UInt8 => data[i],
                SafetensorsType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(data[(i * 4)..]),
                SafetensorsType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(data[(i * 8)..]),
                _ => throw new InvalidOperationException($"Tensor '{Name}' contains {Type.Code()}, not integers."),
            };
        }

        return values;
    }

    private double Float(int index)
    {
        ReadOnlySpan<byte> at = Data.Span[(index * Type.Size())..];
        return Type switch
        {
            SafetensorsType.Float16 => (double)BinaryPrimitives.ReadHalfLittleEndian(at),
            SafetensorsType.BFloat16 => BitConverter.Int32BitsToSingle(
                BinaryPrimitives.ReadUInt16LittleEndian(at) << 16),
            SafetensorsType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(at),
            SafetensorsType.Float64 => BinaryPrimitives.ReadDoubleLittleEndian(at),
            _ => throw new InvalidOperationException(
                $"Tensor '{Name}' contains {Type.Code()}, not floating-point numbers."),
        };
    }
}
