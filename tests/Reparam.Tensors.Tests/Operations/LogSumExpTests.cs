namespace Reparam.Tensors.Tests.Operations;

public sealed class LogSumExpTests
{
    private const double Infinity = double.PositiveInfinity;

    [Theory]
    [InlineData(-Infinity, -Infinity, -Infinity)]
    [InlineData(-Infinity, 3, 3)]
    [InlineData(Infinity, 3, Infinity)]
    [InlineData(Infinity, -Infinity, Infinity)]
    [InlineData(double.NaN, 3, double.NaN)]
    [InlineData(1000, 1000, 1000.6931471805599)]
    public void Infinite_elements_give_the_limit(double a, double b, double expected) =>
        Assert.Equal(expected, Tensor.From([a, b], [2]).LogSumExp(0).Item(), 1e-12);

    /// <summary>A weight below 2^-60 changes no digit of a sum with weights of size 1, and its products with small
    /// numbers would be denormal.</summary>
    [Fact]
    public void Negligible_weights_have_no_gradient()
    {
        using var tape = new GradientTape();
        Tensor x = Tensor.From([0f, -30, -41.5f, -41.7f, -80, -200], [6]);
        float[] gradient = tape.Gradients(x.LogSumExp(0), [x])[0].ToArray<float>();
        Assert.Equal(gradient, x.SoftMaxWeights(0).ToArray<float>());
        for (int i = 0; i < 3; i++)
        {
            double weight = Math.Exp(x.ToArray<float>()[i]);
            // An ulp of the argument, 4e-6, and two of the exponential.
            Assert.Equal(weight, gradient[i], weight * 4.5e-6);
        }

        Assert.Equal([0f, 0, 0], gradient[3..]);
        Assert.Equal(Math.Exp(-80), x.SoftMax(0).ToArray<float>()[4], Math.Exp(-80) * 1e-5);
    }

    [Fact]
    public void Gradient_is_zero_where_all_elements_are_minus_infinity()
    {
        using var tape = new GradientTape();
        Tensor x = Tensor.From([-Infinity, -Infinity, 0, 0], [2, 2]);
        Assert.Equal([0, 0, 0.5, 0.5], tape.Gradients(x.LogSumExp(1).Slice(0, 0, 2).Sum(), [x])[0].ToArray<double>());
    }
}
