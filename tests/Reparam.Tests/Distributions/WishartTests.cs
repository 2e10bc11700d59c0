using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class WishartTests()
    : ReparameterizedContract<Wishart>(p => new Wishart(p["df"], p["scale_tril"]), "distributions/wishart.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        // Of little more than one degree a draw may be singular to the last place.
        from df in new[] { 3, 30, 1e5 }
        from scale in new[] { 1e-3, 1, 1e3 }
        select new Dictionary<string, Tensor>
        {
            ["df"] = Tensor.Full([2], df, DType.Float64),
            ["scale_tril"] = Tensor.From([scale, 0, scale, scale], [2, 2]),
        };

    [Fact]
    public void Draws_are_symmetric_to_the_bit_and_of_one_row_gamma()
    {
        Tensor x = Make(DType.Float32).Sample(new Rng(1), [20]);
        Assert.Equal(x.Doubles(), x.Permute(0, 1, 3, 2).Doubles());
        // With one row it is s^2 times a chi-squared variable.
        var one = new Wishart(Tensor.Full([], 2.5, DType.Float64), Tensor.Full([1, 1], 0.5, DType.Float64));
        var gamma = new Gamma(Tensor.Full([], 1.25, DType.Float64), Tensor.Full([], 2.0, DType.Float64));
        Tensor value = Tensor.From([0.1, 1, 7], [3]);
        Close.Require(gamma.LogProb(value).Doubles(), one.LogProb(value.Reshape([3, 1, 1])).Doubles(), 1e-13);
    }

    [Fact]
    public void What_is_not_positive_definite_is_refused_in_words()
    {
        Assert.Contains("positive", Assert.Throws<ArgumentException>(
            () => Make(DType.Float64).LogProb(-Tensor.Eye(3, DType.Float64))).Message, StringComparison.Ordinal);
        Assert.Contains("degreesOfFreedom", Assert.Throws<ArgumentException>(
            () => new Wishart(Tensor.Full([], 2), Tensor.Eye(3))).Message, StringComparison.Ordinal);
    }
}
