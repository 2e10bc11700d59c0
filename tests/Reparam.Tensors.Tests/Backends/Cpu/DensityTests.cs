using Reparam.Tensors.Backends;
using Reparam.Tensors.Memory;

namespace Reparam.Tensors.Tests.Backends.Cpu;

/// <summary>Density kernels against their formulas in double, and against the separate operations they
/// replace.</summary>
public sealed class DensityTests
{
    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Terms_and_derivatives_match_the_scalar_formulas(DType type)
    {
        // One column a row: the sum is the term. A term is a few roundings of parts no larger than the scale below: 16
        // ulp of it.
        const int rows = 2000;
        TensorBuffer a = Buffers.Noise(type, rows, 1), b = Buffers.Noise(type, rows, 2),
            c = Buffers.Noise(type, rows, 3), d = Buffers.Noise(type, rows, 4);
        foreach (DensityKernel kernel in Enum.GetValues<DensityKernel>())
        {
            TensorBuffer y = Buffers.New(type, rows), first = Buffers.New(type, rows), second = Buffers.New(type, rows);
            Backend.Current.Density(
                kernel, a, b, c, d, y, first, second, new DensityPlan(rows, 1, rows, rows, rows, rows));
            for (int i = 0; i < rows; i++)
            {
                (double term, double p, double q) = Oracle(kernel, Buffers.Get(a, i), Buffers.Get(b, i),
                    Buffers.Get(c, i), Buffers.Get(d, i), out double scale);
                double tolerance = 16 * Buffers.Ulp(type, scale);
                Assert.InRange(Buffers.Get(y, i), term - tolerance, term + tolerance);
                Assert.InRange(Buffers.Get(first, i), p - tolerance, p + tolerance);
                if (kernel != DensityKernel.BernoulliLogits)
                    Assert.InRange(Buffers.Get(second, i), q - tolerance, q + tolerance);
            }
        }
    }

    [Theory]
    [InlineData(DType.Float32, 1)]
    [InlineData(DType.Float32, 33)]
    [InlineData(DType.Float32, 9001)]
    [InlineData(DType.Float64, 4097)]
    public void The_sum_over_a_row_is_that_of_the_elementwise_operation(DType type, int columns)
    {
        // Terms and tree are the same, so are the bits.
        Tensor logits = new Rng(1).Normal([5, columns], type) * 3, x = new Rng(2).Uniform([columns], type);
        Tensor separate = Tensor.BernoulliLogProb(logits, x).SumFrom(1), fused = Tensor.BernoulliLogProb(logits, x, 1);
        for (int i = 0; i < 5; i++) Assert.Equal(separate.At(i), fused.At(i));
    }

    [Theory]
    [InlineData(3, 0, 1)]
    [InlineData(0, 4, 2)]
    [InlineData(0, 4, 1)]
    public void An_event_or_batch_without_elements_takes_operands_that_repeat(int rows, int columns, int eventAxes)
    {
        Tensor x = Tensor.Zeros([rows, columns]);
        Shape batch = x.Shape[..^eventAxes];
        Tensor[] repeated = columns == 0 ? [Tensor.Scalar(1), Tensor.Ones([1])]
            : [Tensor.Scalar(1), Tensor.Ones([1]), Tensor.Ones([columns])];
        foreach (Tensor one in repeated)
        {
            using var tape = new GradientTape();
            Tensor bernoulli = Tensor.BernoulliLogProb(one, x, eventAxes), normal = Tensor.NormalLogProb(
                x, one, one, eventAxes), kl = Tensor.NormalKL(x, one, one, one, eventAxes);
            foreach (Tensor y in (Tensor[])[bernoulli, normal, kl])
            {
                Assert.Equal(Tensor.Zeros(batch).ToArray<float>(), y.ToArray<float>());
                Assert.Equal(batch, y.Shape);
            }

            Assert.Equal(Tensor.Zeros(one.Shape).ToArray<float>(),
                tape.Gradients((bernoulli + normal + kl).Sum(), [one])[one].ToArray<float>());
        }
    }

    [Fact]
    public void Extreme_arguments_stay_finite()
    {
        Tensor logits = Tensor.From([1e4f, -1e4f, 1e38f, -1e38f, 1e-40f, 0f], [6, 1]),
            x = Tensor.From([1f, 0f, 1f, 0f, 1f, 0f], [6, 1]);
        Assert.True(Tensor.BernoulliLogProb(logits, x, 1).IsFinite());
        Tensor zero = Tensor.Zeros([1]);
        Assert.Equal(0, Tensor.NormalKL(zero, zero, zero, zero, 1).Item());
        Assert.True(Tensor.NormalKL(Tensor.From([1e4f], [1]), Tensor.From([-30f], [1]), zero, zero, 1).IsFinite());
    }

    private static (double Term, double First, double Second) Oracle(
        DensityKernel kernel, double a, double b, double c, double d, out double scale)
    {
        switch (kernel)
        {
            case DensityKernel.BernoulliLogits:
                scale = 1 + Math.Abs(a * b) + Math.Abs(a) + Math.Abs(b);
                double term = a * b - Math.Max(a, 0) - Math.Log(1 + Math.Exp(-Math.Abs(a)));
                return (b is < 0 or > 1 ? double.NegativeInfinity : term, b - 1 / (1 + Math.Exp(-a)), 0);
            case DensityKernel.Normal:
                double u = (a - b) * Math.Exp(-c);
                scale = (1 + u * u) * (1 + Math.Abs(c)) * (1 + Math.Exp(-c)) * (1 + Math.Abs(a) + Math.Abs(b));
                return (-0.5 * u * u - c - 0.5 * Math.Log(2 * Math.PI), -u * Math.Exp(-c), u * u - 1);
            case DensityKernel.NormalKL:
                double r = b - d, s = (a - c) * Math.Exp(-d);
                scale = (1 + Math.Exp(2 * r) * (1 + Math.Abs(b) + Math.Abs(d)) + s * s) * (1 + Math.Exp(-d))
                    * (1 + Math.Abs(a) + Math.Abs(c)) * (1 + Math.Abs(r));
                return (0.5 * (Math.Exp(2 * r) - 1 + s * s) - r, s * Math.Exp(-d), Math.Exp(2 * r) - 1);
            default: throw new ArgumentOutOfRangeException(nameof(kernel));
        }
    }
}
