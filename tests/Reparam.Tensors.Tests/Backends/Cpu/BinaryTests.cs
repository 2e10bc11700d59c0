using Reparam.Tensors.Backends;
using Reparam.Tensors.Memory;

namespace Reparam.Tensors.Tests.Backends.Cpu;

/// <summary>Binary kernels against double formulas, and broadcasting against index arithmetic.</summary>
public sealed class BinaryTests
{
    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Binary_matches_the_scalar_oracle(DType type)
    {
        // Each formula is a few roundings of terms no larger than the sum of their magnitudes: 8 ulp of that scale.
        foreach (BinaryKernel kernel in Enum.GetValues<BinaryKernel>())
        {
            foreach (int length in new[] { 0, 1, 2, 3, 5, 7, 17, 33, 1000, 20_000 })
            {
                TensorBuffer a = Buffers.Noise(type, length, 1), b = Buffers.Noise(type, length, 2),
                    y = Buffers.New(type, length);
                if (kernel is BinaryKernel.SqrtGradient or BinaryKernel.LogP1Gradient)
                    Backend.Current.Unary(UnaryKernel.Exp, b, b);
                Backend.Current.Binary(kernel, a, b, y, BroadcastPlan.Create([length], [length]), -0.5, 0.75);
                for (int i = 0; i < length; i++)
                {
                    double u = Buffers.Get(a, i), v = Buffers.Get(b, i), expected = Oracle(kernel, u, v);
                    double scale = Math.Max(Math.Abs(expected), kernel is BinaryKernel.Divide ? 0
                        : Math.Abs(u) * (1 + v * v) + Math.Abs(v));
                    double error = Math.Abs(Buffers.Get(y, i) - expected);
                    Assert.True(Buffers.Get(y, i) == expected || error <= 8 * Buffers.Ulp(type, scale),
                        $"{kernel}({u:R}, {v:R}) = {Buffers.Get(y, i):R}, expected {expected:R}");
                }
            }
        }
    }

    [Theory]
    [InlineData(new[] { 5, 7 }, new[] { 7 })]
    [InlineData(new[] { 7 }, new[] { 5, 7 })]
    [InlineData(new[] { 5, 37 }, new[] { 5, 1 })]
    [InlineData(new[] { 5, 1 }, new[] { 1, 37 })]
    [InlineData(new int[0], new[] { 40_000 })]
    [InlineData(new[] { 3, 40_000 }, new[] { 3, 1 })]
    [InlineData(new[] { 700, 3, 20 }, new[] { 700, 1, 20 })]
    [InlineData(new[] { 2, 1, 3, 1, 5 }, new[] { 1, 4, 3, 6, 1 })]
    [InlineData(new[] { 0, 3 }, new[] { 1, 3 })]
    public void Binary_broadcasts(int[] shapeA, int[] shapeB)
    {
        foreach (DType type in Enum.GetValues<DType>())
        {
            Shape a = Shape.Create(shapeA), b = Shape.Create(shapeB);
            BroadcastPlan plan = BroadcastPlan.Create(a, b);
            TensorBuffer x = Buffers.Noise(type, a.Size, 1), z = Buffers.Noise(type, b.Size, 2),
                y = Buffers.New(type, plan.Output.Size);
            Backend.Current.Binary(BinaryKernel.Subtract, x, z, y, plan);
            for (int i = 0; i < y.Length; i++)
            {
                double expected = Buffers.Get(x, Index(i, plan.Output, a)) - Buffers.Get(z, Index(i, plan.Output, b));
                Assert.Equal(type == DType.Float32 ? (float)expected : expected, Buffers.Get(y, i));
            }
        }
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Maximum_and_Minimum_propagate_NaN(DType type)
    {
        TensorBuffer a = Buffers.Of(type, double.NaN, 1, 2, 3), b = Buffers.Of(type, 1, double.NaN, 5, -1),
            y = Buffers.New(type, 4);
        BroadcastPlan plan = BroadcastPlan.Create([4], [4]);
        Backend.Current.Binary(BinaryKernel.Maximum, a, b, y, plan);
        Assert.Equal([double.NaN, double.NaN, 5, 3], Buffers.ToArray(y));
        Backend.Current.Binary(BinaryKernel.Minimum, a, b, y, plan);
        Assert.Equal([double.NaN, double.NaN, 2, -1], Buffers.ToArray(y));
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Masked_hides_infinity_and_NaN(DType type)
    {
        TensorBuffer mask = Buffers.Of(type, 0, 0, -0.0, 1, 2), x = Buffers.Of(
            type, double.NaN, double.PositiveInfinity, 3, double.NegativeInfinity, 4), y = Buffers.New(type, 5);
        Backend.Current.Binary(BinaryKernel.Masked, mask, x, y, BroadcastPlan.Create([5], [5]));
        Assert.Equal([0, 0, 0, double.NegativeInfinity, 4], Buffers.ToArray(y));
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Gradients_vanish_where_the_function_is_flat(DType type)
    {
        TensorBuffer g = Buffers.Of(type, 2, 2, 2),
            x = Buffers.Of(type, double.PositiveInfinity, double.NegativeInfinity, 1e30), y = Buffers.New(type, 3);
        Backend.Current.Binary(BinaryKernel.ErfGradient, g, x, y, BroadcastPlan.Create([3], [3]));
        Assert.Equal([0, 0, 0], Buffers.ToArray(y));
    }

    private static int Index(int flat, Shape output, Shape operand)
    {
        int index = 0, step = 1;
        for (int axis = 1; axis <= output.Rank; axis++)
        {
            int at = flat % output[^axis];
            flat /= output[^axis];
            if (axis > operand.Rank) continue;
            if (operand[^axis] > 1) index += at * step;
            step *= operand[^axis];
        }

        return index;
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Oracle(BinaryKernel kernel, double a, double b) => kernel switch
    {
        BinaryKernel.Add => a + b,
        BinaryKernel.Subtract => a - b,
        BinaryKernel.Multiply => a * b,
        BinaryKernel.Divide => a / b,
        BinaryKernel.Maximum => Math.Max(a, b),
        BinaryKernel.Minimum => Math.Min(a, b),
        BinaryKernel.GreaterOrEqual => a >= b ? 1 : 0,
        BinaryKernel.Less => a < b ? 1 : 0,
        BinaryKernel.Masked => a == 0 ? 0 : b,
        BinaryKernel.AbsGradient => a * Math.Sign(b),
        BinaryKernel.SqrtGradient => a * 0.5 / b,
        BinaryKernel.SquareGradient => 2 * a * b,
        BinaryKernel.ReciprocalGradient => -a * b * b,
        BinaryKernel.ExpM1Gradient => a * b + a,
        BinaryKernel.LogP1Gradient => a / (1 + b),
        BinaryKernel.TanhGradient => a * (1 - b * b),
        BinaryKernel.ErfGradient => a * 2 / Math.Sqrt(Math.PI) * Math.Exp(-b * b),
        BinaryKernel.SigmoidGradient => a * b * (1 - b),
        BinaryKernel.SoftPlusGradient => a * Sigmoid(b),
        BinaryKernel.ReluGradient => b > 0 ? a : 0,
        BinaryKernel.LeakyReluGradient => b >= 0 ? a : -0.5 * a,
        BinaryKernel.SiluGradient => a * (Sigmoid(b) + b * Sigmoid(b) * (1 - Sigmoid(b))),
        BinaryKernel.GeluGradient => a * (0.5 * PortableMath.Erfc(-b * Math.Sqrt(0.5)) + b * Math.Exp(
            -b * b / 2) / Math.Sqrt(2 * Math.PI)),
        BinaryKernel.ClampGradient => b is >= -0.5 and <= 0.75 ? a : 0,
        BinaryKernel.BernoulliLogits => b is < 0 or > 1 ? double.NegativeInfinity : b * a - Math.Log(1 + Math.Exp(a)),
        BinaryKernel.BernoulliResidual => b - Sigmoid(a),
        _ => throw new ArgumentOutOfRangeException(nameof(kernel)),
    };
}
