using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class DiscretizedLogisticTests()
    : DistributionContract<DiscretizedLogistic>(
        p => new DiscretizedLogistic(p["loc"], p["log_scale"]), "discretized_logistic.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from loc in new[] { 0, 0.4, 1.0 }
        from logScale in new[] { -18.4, 0, 18.4 }
        select new Dictionary<string, Tensor>
        {
            ["loc"] = Tensor.Full([2], loc, DType.Float64), ["log_scale"] = Tensor.Full([2], logScale, DType.Float64),
        };

    [Theory]
    [InlineData(DType.Float32, 1e-4)]
    [InlineData(DType.Float64, 1e-12)]
    public void Masses_over_the_256_levels_sum_to_one(DType dtype, double tolerance)
    {
        // Float32: a rounding of 3e-8 in x / 255 moves each inner edge by 3e-8 / scale deviations, 2e-5 at e^-7.3.
        Tensor loc = Tensor.From([-0.2, 0, 0.3, 0.5, 0.97, 1, 1.3], [7]).To(dtype);
        foreach (double logScale in new[] { -7.3, -5, -3, -1, 0, 2 })
        {
            using var scope = new TensorScope();
            var logistic = new DiscretizedLogistic(loc, Tensor.Full([7], logScale, dtype));
            Tensor levels = Tensor.FromLevels(
                [.. Enumerable.Range(0, 256).Select(k => (byte)k)], [256, 1], dtype: dtype);
            Close.Require([1, 1, 1, 1, 1, 1, 1], logistic.LogProb(levels).Exp().Sum(0).Doubles(), tolerance,
                $"total at log-scale {logScale}");
        }
    }

    [Theory]
    [InlineData(0.5, 128)]
    [InlineData(100.4 / 255, 100)]
    [InlineData(100.6 / 255, 101)]
    [InlineData(-3, 0)]
    [InlineData(1.2, 255)]
    public void Value_between_levels_has_the_mass_of_the_nearest(double value, int level)
    {
        var logistic = new DiscretizedLogistic(
            Tensor.Full([1], 0.4, DType.Float64), Tensor.Full([1], -4, DType.Float64));
        double expected = logistic.LogProb(Tensor.Full([1], level / 255.0, DType.Float64)).Item();
        Close.Require(expected, logistic.LogProb(Tensor.Full([1], value, DType.Float64)).Item(), 1e-13);
    }

    [Fact]
    public void Sample_takes_only_grey_levels()
    {
        double[] drawn = Make(DType.Float32).Sample(new Rng(1), [2000]).Doubles();
        Assert.All(
            drawn, x => Assert.True(x is >= 0 and <= 1 && Math.Abs(x * 255 - Math.Round(x * 255)) < 1e-4, $"{x}"));
    }

    [Fact]
    public void Deep_in_the_tail_the_mass_neither_cancels_nor_underflows()
    {
        // 200 levels above loc with a scale of a fifth of a level: log mass = -(distance to the near edge) / scale +
        // log(1 - e^-width).
        double scale = 0.2 / 255, distance = 199.5 / 255 / scale;
        var logistic = new DiscretizedLogistic(
            Tensor.Zeros([1], DType.Float64), Tensor.Full([1], Math.Log(scale), DType.Float64));
        double logMass = logistic.LogProb(Tensor.Full([1], 200 / 255.0, DType.Float64)).Item();
        Close.Require(-distance + Math.Log(1 - Math.Exp(-5)), logMass, 1e-9);
    }
}
