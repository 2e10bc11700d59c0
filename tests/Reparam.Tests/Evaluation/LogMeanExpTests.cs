using Reparam.Evaluation;
using Reparam.Testing;

namespace Reparam.Tests.Evaluation;

public sealed class LogMeanExpTests
{
    [Fact]
    public void Streaming_agrees_with_the_direct_formula()
    {
        double[] terms = GradientCheck.Values([1000], -30, 30).Doubles();
        Close.Require(Math.Log(terms.Average(Math.Exp)), Stream(terms), 1e-13);
    }

    [Theory]
    [InlineData(new[] { -2000.0, -1000, -3000 }, -1000)]
    [InlineData(new[] { 5000.0, 4000, 4000 }, 5000)]
    [InlineData(new[] { double.NegativeInfinity, -7, double.NegativeInfinity }, -7)]
    public void Terms_far_apart_neither_overflow_nor_vanish(double[] terms, double largest) =>
        Close.Require(largest - Math.Log(3), Stream(terms), 1e-14);

    [Fact]
    public void One_term_is_itself_and_none_is_not_a_number()
    {
        Assert.Equal(-3.5, Stream(-3.5));
        Assert.True(double.IsNaN(Stream()));
    }

    [Fact]
    public void All_weights_zero_give_minus_infinity() =>
        Assert.Equal(double.NegativeInfinity, Stream(double.NegativeInfinity, double.NegativeInfinity));

    [Fact]
    public void A_term_that_is_not_a_number_is_not_hidden()
    {
        Assert.True(double.IsNaN(Stream(1, double.NaN, 2)));
        Assert.True(double.IsNaN(Stream(double.NaN, 5, 2)));
    }

    private static double Stream(params double[] terms)
    {
        LogMeanExp total = default;
        foreach (double term in terms) total.Add(term);
        return total.Value;
    }
}
