using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class NormalTests()
    : ReparameterizedContract<Normal>(p => new Normal(p["loc"], p["scale"]), "normal.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from loc in new[] { 0, 1e4, -1e4 }
        from scale in new[] { 1e-8, 1, 1e8 }
        select new Dictionary<string, Tensor>
        {
            ["loc"] = Tensor.Full([2], loc, DType.Float64), ["scale"] = Tensor.Full([2], scale, DType.Float64),
        };

    [Fact]
    public void Sample_shifted_by_a_twentieth_of_its_deviation_fails_the_test_of_its_distribution()
    {
        // A shift of d deviations moves the CDF by 0.3989 d at most: 0.02 here.
        Normal normal = new(Tensor.Zeros([], DType.Float64), Tensor.Ones([], DType.Float64));
        Tensor shifted = normal.Sample(new Rng(41), [Ecdf.Draws]) + 0.0502;
        double[] below = normal.Cdf(shifted).Doubles();
        Assert.True(Ecdf.Distance(shifted.Doubles(), below, below) > Ecdf.Threshold);
        double[] knots = Ecdf.Knots(shifted.Doubles()),
            atKnots = normal.Cdf(Tensor.From(knots, [knots.Length])).Doubles();
        Assert.True(Ecdf.Bound(shifted.Doubles(), knots, atKnots, atKnots) > Ecdf.Threshold);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 0.01)]
    [InlineData(true, 0)]
    [InlineData(true, 1)]
    public void Bound_of_the_distance_to_a_distribution_is_no_less_and_hardly_more(bool discrete, double shift)
    {
        Tensor parameter = Tensor.Scalar(1.7, DType.Float64);
        Distribution distribution = discrete ? new Poisson(parameter) : new Normal(parameter, parameter);
        Tensor draws = distribution.Sample(new Rng(41), [Ecdf.Draws]) + shift;
        double[] values = draws.Doubles(), knots = Ecdf.Knots(values);
        Tensor at = Tensor.From(knots, [knots.Length]);
        double distance = Ecdf.Distance(values, distribution.Cdf(draws).Doubles(), Below(draws));
        double bound = Ecdf.Bound(values, knots, distribution.Cdf(at).Doubles(), Below(at));
        Assert.InRange(bound, distance, distance + 0.0005);

        double[] Below(Tensor x) => distribution.Cdf(discrete ? x - 1 : x).Doubles();
    }

    [Fact]
    public void FromLogVariance_is_the_same_distribution()
    {
        Tensor loc = GradientCheck.Values([5], -2, 2), logVariance = GradientCheck.Values([5], -30, 30, seed: 2),
            x = GradientCheck.Values([4, 5], -3, 3, seed: 3);
        Normal byVariance = Normal.FromLogVariance(loc, logVariance), byScale = new(loc, (logVariance * 0.5).Exp());
        Close.Require(byScale.LogProb(x).Doubles(), byVariance.LogProb(x).Doubles(), 1e-12);
        Close.Require(byScale.Entropy().Doubles(), byVariance.Entropy().Doubles(), 1e-12);
        GradientCheck.Require(p => Normal.FromLogVariance(p[0], p[1]).LogProb(x), loc, logVariance * 0.1);
    }

    [Fact]
    public void Parameters_of_different_shapes_are_refused_with_both_shapes_named()
    {
        var problem = Assert.Throws<ArgumentException>(() => new Normal(Tensor.Zeros([2]), Tensor.Ones([3])));
        Assert.Contains("[2]", problem.Message, StringComparison.Ordinal);
        Assert.Contains("[3]", problem.Message, StringComparison.Ordinal);
    }
}
