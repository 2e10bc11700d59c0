using Reparam.Tensors.Backends;
using Reparam.Tensors.Memory;

namespace Reparam.Tensors.Tests.Backends.Cpu;

/// <summary>Makes and reads the buffers that kernel tests work on.</summary>
internal static class Buffers
{
    public static TensorBuffer New(DType type, int length)
    {
        TensorBuffer buffer = new(type, (long)length * TensorBuffer.SizeOf(type));
        buffer.Use(type, length);
        return buffer;
    }

    public static TensorBuffer Of(DType type, params double[] values)
    {
        TensorBuffer buffer = New(type, values.Length);
        for (int i = 0; i < values.Length; i++) Set(buffer, i, values[i]);
        return buffer;
    }

    public static TensorBuffer Noise(DType type, int length, ulong key, RandomKernel kernel = RandomKernel.Normal)
    {
        TensorBuffer buffer = New(type, length);
        Backend.Current.Random(kernel, buffer, new NoiseStream(key, 0, 0, 0), 1, 1, length);
        return buffer;
    }

    public static double Get(TensorBuffer buffer, int index) =>
        buffer.DType == DType.Float32 ? buffer.AsSpan<float>()[index] : buffer.AsSpan<double>()[index];

    public static void Set(TensorBuffer buffer, int index, double value)
    {
        if (buffer.DType == DType.Float32) buffer.AsSpan<float>()[index] = (float)value;
        else buffer.AsSpan<double>()[index] = value;
    }

    public static double[] ToArray(TensorBuffer buffer) =>
        [.. Enumerable.Range(0, buffer.Length).Select(i => Get(buffer, i))];

    /// <summary>The distance between neighbouring numbers of the type at this magnitude.</summary>
    public static double Ulp(DType type, double value)
    {
        double magnitude = Math.Abs(value);
        return type == DType.Float32
            ? MathF.BitIncrement((float)magnitude) - (double)(float)magnitude
            : Math.BitIncrement(magnitude) - magnitude;
    }

    /// <summary>Within so many ulps of the expected value; exact for infinities and NaN.</summary>
    public static void AssertUlps(DType type, double expected, double actual, double ulps, string what)
    {
        double rounded = type == DType.Float32 ? (float)expected : expected;
        if (double.IsNaN(rounded) || double.IsInfinity(rounded))
        {
            Assert.True(rounded.Equals(actual), $"{what}: expected {rounded}, got {actual}");
            return;
        }

        double error = Math.Abs(actual - expected) / Ulp(type, rounded);
        Assert.True(error <= ulps, $"{what}: expected {expected:R}, got {actual:R}, {error:F2} ulp");
    }
}
