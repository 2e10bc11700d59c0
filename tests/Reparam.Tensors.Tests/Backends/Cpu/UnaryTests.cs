using Reparam.Tensors.Backends;
using Reparam.Tensors.Memory;

namespace Reparam.Tensors.Tests.Backends.Cpu;

/// <summary>
/// Every unary kernel against System.Math in double. Float32 is judged at its own ulp, so the oracle's error is
/// nothing; for Float64 the oracle itself may be off by an ulp, and compositions (1 - erfc, x Phi(x), log1p of exp) add
/// one rounding a step.
/// </summary>
public sealed class UnaryTests
{
    public static TheoryData<string, DType, double> Kernels
    {
        get
        {
            TheoryData<string, DType, double> data = [];
            foreach (UnaryKernel kernel in Enum.GetValues<UnaryKernel>())
            {
                // Exact kernels are one correctly rounded operation; the rest have the documented bound.
                double ulps = kernel switch
                {
                    UnaryKernel.Exp or UnaryKernel.SoftMaxWeight or UnaryKernel.Log or UnaryKernel.Sin
                        or UnaryKernel.Cos => 2,
                    UnaryKernel.ExpM1 or UnaryKernel.LogP1 or UnaryKernel.Sigmoid or UnaryKernel.SoftPlus => 3,
                    UnaryKernel.Tanh or UnaryKernel.Erf or UnaryKernel.Silu => 4,
                    UnaryKernel.Gelu => 8,
                    _ => 0.5000001,
                };
                data.Add(kernel.ToString(), DType.Float32, ulps);
                // The double oracle of Gelu goes through our own Erfc, tested by PortableMathTests against 40-digit
                // values, at a rounded argument: in the far tail (|x| = 40) that is an error of about x^2 = 1600
                // half-ulps.
                data.Add(
                    kernel.ToString(), DType.Float64, kernel == UnaryKernel.Gelu ? 2000 : ulps < 1 ? ulps : ulps + 2);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Unary_matches_the_scalar_oracle(string name, DType type, double ulps)
    {
        UnaryKernel kernel = Enum.Parse<UnaryKernel>(name);
        foreach (int length in new[] { 0, 1, 2, 3, 5, 7, 17, 33, 1000, 20_000 })
        {
            foreach (double scale in new[] { 1e-3, 1.0, 20.0 })
            {
                TensorBuffer x = Buffers.Noise(type, length, (ulong)length), y = Buffers.New(type, length + 16);
                Backend.Current.Unary(UnaryKernel.Affine, x, x, scale, 0);
                y.AsSpan<byte>().Fill(0x5A);
                y.Use(type, length);
                Backend.Current.Unary(kernel, x, y, -0.5, 0.75);
                for (int i = 0; i < length; i++)
                {
                    double value = Buffers.Get(x, i);
                    Buffers.AssertUlps(
                        type, Oracle(kernel, value, type), Buffers.Get(y, i), ulps, $"{name}({value:R})");
                }
            }
        }
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Unary_special_values_are_exact(DType type)
    {
        const double inf = double.PositiveInfinity, nan = double.NaN;
        (UnaryKernel Kernel, double X, double Y)[] cases =
        [
            (UnaryKernel.Exp, inf, inf), (UnaryKernel.Exp, -inf, 0), (UnaryKernel.Exp, 0, 1),
            (UnaryKernel.Exp, 1e5, inf), (UnaryKernel.Exp, -1e5, 0),
            (UnaryKernel.ExpM1, inf, inf), (UnaryKernel.ExpM1, -inf, -1), (UnaryKernel.ExpM1, -0.0, -0.0),
            (UnaryKernel.ExpM1, 1e5, inf),
            (UnaryKernel.Log, 0, -inf), (UnaryKernel.Log, -0.0, -inf), (UnaryKernel.Log, 1, 0),
            (UnaryKernel.Log, -1, nan), (UnaryKernel.Log, inf, inf), (UnaryKernel.Log, -inf, nan),
            (UnaryKernel.LogP1, -1, -inf), (UnaryKernel.LogP1, -2, nan), (UnaryKernel.LogP1, inf, inf),
            (UnaryKernel.LogP1, -0.0, -0.0),
            (UnaryKernel.Tanh, inf, 1), (UnaryKernel.Tanh, -inf, -1), (UnaryKernel.Tanh, -0.0, -0.0),
            (UnaryKernel.Tanh, 30, 1),
            (UnaryKernel.Erf, inf, 1), (UnaryKernel.Erf, -inf, -1), (UnaryKernel.Erf, 0, 0), (UnaryKernel.Erf, 7, 1),
            (UnaryKernel.Sigmoid, inf, 1), (UnaryKernel.Sigmoid, -inf, 0), (UnaryKernel.Sigmoid, 0, 0.5),
            (UnaryKernel.Sigmoid, 100, 1),
            (UnaryKernel.SoftPlus, inf, inf), (UnaryKernel.SoftPlus, -inf, 0), (UnaryKernel.SoftPlus, 100, 100),
            (UnaryKernel.Sin, inf, nan), (UnaryKernel.Cos, -inf, nan), (UnaryKernel.Sin, -0.0, -0.0),
            (UnaryKernel.Cos, 0, 1),
            (UnaryKernel.Relu, -inf, 0), (UnaryKernel.Relu, inf, inf), (UnaryKernel.Clamp, inf, 0.75),
            (UnaryKernel.Clamp, -inf, -0.5),
            (UnaryKernel.Floor, inf, inf), (UnaryKernel.Floor, nan, nan), (UnaryKernel.Floor, -0.5, -1),
            (UnaryKernel.Floor, 3, 3), (UnaryKernel.Floor, -1e30f, -1e30f), (UnaryKernel.Floor, 4194303.5, 4194303),
            (UnaryKernel.Sqrt, -1, nan), (UnaryKernel.Reciprocal, -0.0, -inf), (UnaryKernel.Sign, -inf, -1),
            (UnaryKernel.Abs, -inf, inf),
        ];
        foreach ((UnaryKernel kernel, double x, double expected) in cases)
        {
            TensorBuffer y = Buffers.New(type, 1);
            Backend.Current.Unary(kernel, Buffers.Of(type, x), y, -0.5, 0.75);
            Assert.True(expected.Equals(Buffers.Get(y, 0)) && double.IsNegative(expected) == double.IsNegative(
                Buffers.Get(y, 0)) || double.IsNaN(expected) && double.IsNaN(Buffers.Get(y, 0)),
                $"{kernel}({x}) = {Buffers.Get(y, 0)}, expected {expected}");
        }

        foreach (UnaryKernel kernel in Enum.GetValues<UnaryKernel>())
        {
            TensorBuffer y = Buffers.New(type, 1);
            Backend.Current.Unary(kernel, Buffers.Of(type, nan), y, -0.5, 0.75);
            Assert.True(double.IsNaN(Buffers.Get(y, 0)), $"{kernel}(NaN)");
        }
    }

    [Fact]
    public void Exp_and_log_know_the_denormals_of_Float64()
    {
        foreach (double x in new[] { -745.0, -740, -720, -708.5 })
            Buffers.AssertUlps(DType.Float64, Math.Exp(x), PortableMath.Exp(x), 1, $"exp({x})");
        foreach (double x in new[] { 5e-324, 1e-310, 2.2e-308 })
            Buffers.AssertUlps(DType.Float64, Math.Log(x), PortableMath.Log(x), 1, $"log({x})");
        TensorBuffer y = Buffers.New(DType.Float32, 2);
        Backend.Current.Unary(UnaryKernel.Log, Buffers.Of(DType.Float32, 1e-45, 1e-39), y);
        Buffers.AssertUlps(DType.Float32, Math.Log(1e-45f), Buffers.Get(y, 0), 1, "log");
        Buffers.AssertUlps(DType.Float32, Math.Log(1e-39f), Buffers.Get(y, 1), 1, "log");
    }

    /// <summary>Down to the least normal number the functions of Float32 are accurate, and below it they are 0: an
    /// operation with a denormal number takes many processors a hundred cycles.</summary>
    [Theory]
    [InlineData(nameof(UnaryKernel.Exp), -87.3365f, -87.3366f, -120f)]
    [InlineData(nameof(UnaryKernel.Sigmoid), -87.3365f, -87.3366f, -120f)]
    [InlineData(nameof(UnaryKernel.SoftMaxWeight), -41.58f, -41.59f, -80f)]
    [InlineData(nameof(UnaryKernel.Gelu), -12.8f, -13.1f, -14.5f)]
    public void Functions_of_Float32_are_0_below_their_least_number(string name, float last, float first, float far)
    {
        UnaryKernel kernel = Enum.Parse<UnaryKernel>(name);
        const int length = 4000;
        float step = (far - last) / length;
        TensorBuffer x = Buffers.New(DType.Float32, length + 3), y = Buffers.New(DType.Float32, length + 3);
        for (int i = 0; i < length; i++) x.AsSpan<float>()[i] = last + i * step;
        (x.AsSpan<float>()[length], x.AsSpan<float>()[length + 1], x.AsSpan<float>()[length + 2]) = (last, first, far);
        Backend.Current.Unary(kernel, x, y);
        Assert.DoesNotContain(y.AsSpan<float>().ToArray(), float.IsSubnormal);
        float[] ends = y.AsSpan<float>()[length..].ToArray();
        Buffers.AssertUlps(DType.Float32, Oracle(kernel, last, DType.Float32), ends[0], 8, name);
        Assert.Equal([0f, 0f], ends[1..]);
    }

    [Theory]
    [InlineData(DType.Float32, 1e4)]
    [InlineData(DType.Float64, 1e7)]
    public void Sin_and_cos_are_accurate_for_large_arguments(DType type, double scale)
    {
        TensorBuffer x = Buffers.Noise(type, 5000, 3), sin = Buffers.New(type, 5000), cos = Buffers.New(type, 5000);
        Backend.Current.Unary(UnaryKernel.Affine, x, x, scale, 0);
        Backend.Current.Unary(UnaryKernel.Sin, x, sin);
        Backend.Current.Unary(UnaryKernel.Cos, x, cos);
        for (int i = 0; i < x.Length; i++)
        {
            double value = Buffers.Get(x, i);
            Buffers.AssertUlps(type, Math.Sin(value), Buffers.Get(sin, i), 2, $"sin({value:R})");
            Buffers.AssertUlps(type, Math.Cos(value), Buffers.Get(cos, i), 2, $"cos({value:R})");
        }
    }

    private static double Oracle(UnaryKernel kernel, double x, DType type) => kernel switch
    {
        UnaryKernel.Negate => -x,
        UnaryKernel.Abs => Math.Abs(x),
        UnaryKernel.Sign => Math.Sign(x),
        UnaryKernel.Square => x * x,
        UnaryKernel.Sqrt => Math.Sqrt(x),
        UnaryKernel.Reciprocal => 1 / x,
        UnaryKernel.Exp => Math.Exp(x),
        UnaryKernel.SoftMaxWeight =>
            type == DType.Float32 && Math.Exp(x) < Math.ScaleB(1, -60) ? 0 : Math.Exp(x),
        UnaryKernel.ExpM1 => ExpM1(x),
        UnaryKernel.Log => Math.Log(x),
        UnaryKernel.LogP1 => LogP1(x),
        UnaryKernel.Sin => Math.Sin(x),
        UnaryKernel.Cos => Math.Cos(x),
        UnaryKernel.Tanh => Math.Tanh(x),
        UnaryKernel.Erf => PortableMath.Erf(x),
        UnaryKernel.Sigmoid => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x)),
        UnaryKernel.SoftPlus => Math.Max(x, 0) + LogP1(Math.Exp(-Math.Abs(x))),
        UnaryKernel.Relu => Math.Max(x, 0),
        UnaryKernel.LeakyRelu => x >= 0 ? x : -0.5 * x,
        UnaryKernel.Silu => x >= 0 ? x / (1 + Math.Exp(-x)) : x * Math.Exp(x) / (1 + Math.Exp(x)),
        // In Float32 the tail of the normal CDF is 0 below the normal numbers.
        UnaryKernel.Gelu when type == DType.Float32 && Phi(x) < Math.ScaleB(1, -126) => 0,
        UnaryKernel.Gelu => x * Phi(x),
        UnaryKernel.Floor => Math.Floor(x),
        UnaryKernel.Clamp => Math.Min(Math.Max(x, -0.5), 0.75),
        UnaryKernel.Affine => type == DType.Float32 ? MathF.FusedMultiplyAdd(
            (float)x, -0.5f, 0.75f) : Math.FusedMultiplyAdd(x, -0.5, 0.75),
        _ => throw new ArgumentOutOfRangeException(nameof(kernel)),
    };

    private static double Phi(double x) => 0.5 * PortableMath.Erfc(-x * Math.Sqrt(0.5));

    /// <summary>expm1 by 2 sinh(x/2) exp(x/2) away from 0, by its series near it.</summary>
    private static double ExpM1(double x) =>
        Math.Abs(x) < 0.01 ? x * (1 + x / 2 * (1 + x / 3 * (1 + x / 4 * (1 + x / 5 * (1 + x / 6 * (1 + x / 7)))))) :
        Math.Abs(x) < 1 ? 2 * Math.Sinh(x / 2) * Math.Exp(x / 2) : Math.Exp(x) - 1;

    /// <summary>log(1 + x) with the rounding of 1 + x divided out (Kahan), or NaN.</summary>
    private static double LogP1(double x)
    {
        double u = 1 + x;
        return u == 1 ? x : Math.Log(u) + (x - (u - 1)) / u;
    }
}
