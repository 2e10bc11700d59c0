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

    [Fact]
    public void Gradient_is_zero_where_all_elements_are_minus_infinity()
    {
        using var tape = new GradientTape();
        Tensor x = Tensor.From([-Infinity, -Infinity, 0, 0], [2, 2]);
        Assert.Equal([0, 0, 0.5, 0.5], tape.Gradients(x.LogSumExp(1).Slice(0, 0, 2).Sum(), [x])[0].ToArray<double>());
    }
}
