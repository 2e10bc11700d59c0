using Reparam.Testing;

namespace Reparam.Tensors.Tests.Operations;

/// <summary>The bits of powers.</summary>
public sealed class PowTests
{
    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void One_exponent_gives_the_bits_of_many(DType dtype)
    {
        Tensor x = GradientCheck.Values([1000], -20, 20).To(dtype);
        foreach (double exponent in (double[])[0, 1, 2, 3, -1, -2, 64, -65, 70, 0.5, 2.5, -0.1])
        {
            Tensor exponents = Tensor.Full([1000], exponent, dtype);
            Assert.Equal(x.Pow(exponents).Doubles(), x.Pow(exponent).Doubles());
            using var tape = new GradientTape();
            Tensor one = x.Pow(exponent), many = x.Pow(exponents);
            double[] expected = tape.Gradients(many.Sum(), [x])[0].Doubles();
            Close.Require(expected, tape.Gradients(one.Sum(), [x])[0].Doubles(), dtype == DType.Float64 ? 1e-15 : 2e-7);
        }
    }

    [Fact]
    public void Elements_are_those_of_the_scalar_function_rounded_once()
    {
        Tensor x = GradientCheck.Values([1000], 0, 9), y = GradientCheck.Values([1000], -9, 9, seed: 2);
        double[] expected = [.. Enumerable.Range(0, 1000).Select(i => PortableMath.Pow(x.At(i), y.At(i)))];
        Assert.Equal(expected, x.Pow(y).Doubles());
        Tensor a = x.To(DType.Float32), b = y.To(DType.Float32);
        float[] powers = a.Pow(b).ToArray<float>();
        for (int i = 0; i < 1000; i++) Assert.Equal((float)PortableMath.Pow(a.At(i), b.At(i)), powers[i]);
    }

    [Fact]
    public void Operands_of_two_types_are_refused()
    {
        Tensor x = Tensor.Ones([2]);
        Assert.Throws<ArgumentException>(() => x.Pow(Tensor.Ones([2], DType.Float64)));
        Assert.Throws<ArgumentException>(() => x.Pow(Tensor.Ones([3])));
        Assert.Throws<ArgumentNullException>(() => x.Pow(null!));
    }
}
