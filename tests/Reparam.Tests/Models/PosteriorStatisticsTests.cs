using Reparam.Distributions;
using Reparam.Models;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Models;

public sealed class PosteriorStatisticsTests
{
    // Means of dimension 0: +-0.2 (variance 0.04), of 1: +-0.09 (0.0081), of 2: constant 5 (0).
    private static readonly double[] Means = [0.2, 0.09, 5, -0.2, -0.09, 5, 0.2, -0.09, 5, -0.2, 0.09, 5];

    [Fact]
    public void Units_whose_posterior_mean_varies_by_more_than_a_hundredth_are_active()
    {
        PosteriorStatistics statistics = Over(4);
        Close.Require([0.04, 0.0081, 0], [.. statistics.MeanVariance], 1e-15);
        Assert.Equal(1, statistics.ActiveUnits);
        Assert.Equal(4, statistics.Count);
    }

    [Fact]
    public void KL_of_each_dimension_is_averaged_over_the_data() =>
        Close.Require([0.02, 0.00405, 12.5], [.. Over(4).KLPerDimension], 1e-14);

    [Fact]
    public void KL_of_a_latent_is_that_of_its_dimensions_together()
    {
        (string name, double kl) = Assert.Single(Over(4).KLByLatent);
        Assert.Equal("z", name);
        Close.Require(12.52405, kl, 1e-14);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Batches_do_not_change_a_bit(int rows)
    {
        Assert.Equal(Over(4).MeanVariance, Over(rows).MeanVariance);
        Assert.Equal(Over(4).KLPerDimension, Over(rows).KLPerDimension);
        Assert.Equal(Over(4).KLByLatent, Over(rows).KLByLatent);
    }

    private static PosteriorStatistics Over(int rows)
    {
        var statistics = new PosteriorStatistics();
        for (int start = 0; start < 4; start += rows)
        {
            int count = Math.Min(rows, 4 - start);
            var posterior = new DiagonalNormal(
                Tensor.From(Means.AsSpan(start * 3, count * 3), [count, 3]), Tensor.Ones([count, 3], DType.Float64));
            statistics.Add(new InferencePass(
                Tensor.Zeros([1, count], DType.Float64), [new LatentTerm(
                    "z", posterior, DiagonalNormal.Standard(3, DType.Float64), posterior.Sample(new Rng(1), [1]))]));
        }

        return statistics;
    }
}
