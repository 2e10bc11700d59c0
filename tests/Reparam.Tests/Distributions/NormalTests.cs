using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class NormalTests() : ReparameterizedContract<Normal>(p => new Normal(p["loc"], p["scale"]), "normal.json")
{
    // Dvoretzky, Kiefer and Wolfowitz: with n = ln(2/1e-9) / (2 0.01^2) draws, a right sampler exceeds a CDF distance of 0.01 with probability
    // below 1e-9, and so does a sampler 0.02 off stay under it.
    private const int DkwDraws = 107_083;
    private const double DkwThreshold = 0.01;

    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from loc in new[] { 0, 1e4, -1e4 }
        from scale in new[] { 1e-8, 1, 1e8 }
        select new Dictionary<string, Tensor> { ["loc"] = Tensor.Full([2], loc, DType.Float64), ["scale"] = Tensor.Full([2], scale, DType.Float64) };

    protected override Tensor SecondMoment(Normal distribution) => distribution.Loc.Square() + distribution.Scale.Square();

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Sample_follows_the_cumulative_distribution(DType dtype)
    {
        double distance = DistanceFromNormal(Draw(dtype));
        Assert.True(distance < DkwThreshold, $"distance {distance}");
    }

    [Fact]
    public void Sample_shifted_by_a_twentieth_of_its_deviation_fails_the_same_test()
    {
        // A shift of d deviations moves the CDF by 0.3989 d at most: 0.02 here.
        double[] shifted = [.. Draw(DType.Float64).Select(x => x + 0.0502)];
        Assert.True(DistanceFromNormal(shifted) > DkwThreshold);
    }

    [Fact]
    public void FromLogVariance_is_the_same_distribution()
    {
        Tensor loc = GradientCheck.Values([5], -2, 2), logVariance = GradientCheck.Values([5], -30, 30, seed: 2), x = GradientCheck.Values([4, 5], -3, 3, seed: 3);
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

    private static double[] Draw(DType dtype) => new Normal(Tensor.Zeros([], dtype), Tensor.Ones([], dtype)).Sample(new Rng(41), [DkwDraws]).Doubles();

    private static double DistanceFromNormal(double[] draws)
    {
        Array.Sort(draws);
        double distance = 0;
        for (int i = 0; i < draws.Length; i++)
        {
            double cdf = 0.5 * PortableMath.Erfc(-draws[i] / Math.Sqrt(2));
            distance = Math.Max(distance, Math.Max(cdf - i / (double)draws.Length, (i + 1) / (double)draws.Length - cdf));
        }

        return distance;
    }
}
