using Reparam.Tensors.Backends;

namespace Reparam.Tensors;

public sealed partial class Tensor
{
    /// <summary>A Float32 tensor with a copy of <paramref name="values"/> in row-major order.</summary>
    /// <exception cref="ArgumentException">The number of values differs from the size of the shape.</exception>
    public static Tensor From(ReadOnlySpan<float> values, Shape shape) => Copy(values, shape, DType.Float32);

    /// <summary>A Float64 tensor with a copy of <paramref name="values"/> in row-major order.</summary>
    /// <exception cref="ArgumentException">The number of values differs from the size of the shape.</exception>
    public static Tensor From(ReadOnlySpan<double> values, Shape shape) => Copy(values, shape, DType.Float64);

    /// <summary>
    /// A Float64 tensor of the values that <paramref name="write"/> writes to an array of zeros, in row-major order.
    /// Inside a <see cref="ShapeScope"/> no array is made and <paramref name="write"/> is not called.
    /// </summary>
    public static Tensor From(Shape shape, Action<double[]> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        if (ShapeScope.IsOn) return Uninitialized(shape, DType.Float64);
        double[] values = new double[shape.Size];
        write(values);
        return From(values, shape);
    }

    /// <summary>A tensor of stored 8-bit levels: element = level * scale + offset.</summary>
    /// <exception cref="ArgumentException">The number of levels differs from the size of the shape.</exception>
    public static Tensor FromLevels(ReadOnlySpan<byte> levels, Shape shape, double scale = 1.0 / 255, double offset = 0,
        DType dtype = DType.Float32)
    {
        RequireLength(levels.Length, shape);
        Tensor tensor = Uninitialized(shape, dtype);
        Backend.Current.FromBytes(levels, tensor.Buffer, scale, offset);
        return tensor;
    }

    /// <summary>A tensor of zeros.</summary>
    public static Tensor Zeros(Shape shape, DType dtype = DType.Float32) => Full(shape, 0, dtype);

    /// <summary>A tensor of ones.</summary>
    public static Tensor Ones(Shape shape, DType dtype = DType.Float32) => Full(shape, 1, dtype);

    /// <summary>A tensor in which every element is <paramref name="value"/>.</summary>
    public static Tensor Full(Shape shape, double value, DType dtype = DType.Float32)
    {
        Tensor tensor = Uninitialized(shape, dtype);
        Backend.Current.Fill(tensor.Buffer, value);
        return tensor;
    }

    /// <summary>A tensor of rank 0.</summary>
    public static Tensor Scalar(double value, DType dtype = DType.Float32) => Full([], value, dtype);

    /// <summary>The vector 0, 1, ..., count - 1.</summary>
    public static Tensor Arange(int count, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return From([count], values =>
        {
            for (int i = 0; i < count; i++) values[i] = i;
        }).Converted(dtype);
    }

    /// <summary>The identity matrix [n, n].</summary>
    public static Tensor Eye(int n, DType dtype = DType.Float32) => Arange(n, dtype).OneHot(n);

    /// <summary>The elements as a span of <c>float</c> (Float32) or <c>double</c> (Float64). The span is valid as long
    /// as the tensor is. For a tensor made inside a <see cref="ShapeScope"/> the call allocates a span of
    /// zeros.</summary>
    /// <exception cref="ArgumentException"><typeparamref name="T"/> is not the element type.</exception>
    public ReadOnlySpan<T> AsSpan<T>() where T : unmanaged
    {
        RequireElement<T>();
        return _storage.Elements is { } buffer ? buffer.AsSpan<T>() : new T[Buffer.Length];
    }

    /// <summary>A copy of the elements.</summary>
    /// <exception cref="ArgumentException"><typeparamref name="T"/> is not the element type.</exception>
    public T[] ToArray<T>() where T : unmanaged => AsSpan<T>().ToArray();

    /// <summary>The element of a tensor of size 1.</summary>
    /// <exception cref="InvalidOperationException">The tensor does not have exactly one element.</exception>
    public double Item() => Size == 1 ? At(0)
        : throw new InvalidOperationException($"Item needs a tensor of one element; the shape is {Shape}.");

    /// <summary>The element at a row-major position, as a double; 0 for a tensor made inside a
    /// <see cref="ShapeScope"/>.</summary>
    public double At(int index)
    {
        if (_storage.Elements is { } buffer)
            return DType == DType.Float32 ? buffer.AsSpan<float>()[index] : buffer.AsSpan<double>()[index];
        return (uint)index < (uint)Buffer.Length
            ? 0
            : throw new ArgumentOutOfRangeException(nameof(index), $"Shape {Shape} has no element {index}.");
    }

    internal void CopyTo(Tensor destination)
    {
        if (ShapeScope.IsOn) return;
        if (DType == DType.Float32) Buffer.AsSpan<float>().CopyTo(destination.Buffer.AsSpan<float>());
        else Buffer.AsSpan<double>().CopyTo(destination.Buffer.AsSpan<double>());
    }

    private static Tensor Copy<T>(ReadOnlySpan<T> values, Shape shape, DType type) where T : unmanaged
    {
        RequireLength(values.Length, shape);
        Tensor tensor = Uninitialized(shape, type);
        if (!ShapeScope.IsOn) values.CopyTo(tensor.Buffer.AsSpan<T>());
        return tensor;
    }

    private static void RequireLength(int length, Shape shape)
    {
        if (length != shape.Size)
            throw new ArgumentException($"{length} values do not fill shape {shape}: it has {shape.Size} elements.");
    }

    private void RequireElement<T>()
    {
        bool fits = DType == DType.Float32 ? typeof(T) == typeof(float) : typeof(T) == typeof(double);
        if (!fits) throw new ArgumentException($"The elements are {DType}; they cannot be read as {typeof(T).Name}.");
    }
}
