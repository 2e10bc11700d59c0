using Reparam.Evaluation;
using Reparam.Testing;

namespace Reparam.Tests.Evaluation;

/// <summary>Distances and associations of small samples; those of a whole table are in TableComparisonTests.</summary>
public sealed class TwoSamplesTests
{
    [Fact]
    public void Distances_of_samples_are_those_of_scipy_and_of_a_count_by_hand()
    {
        // scipy.stats.ks_2samp([1, 2, 2, 3], [2, 2, 4]).statistic of SciPy 1.10.1
        Close.Require(1.0 / 3, TwoSamples.KolmogorovSmirnov([3, 1, 2, 2], [2, 4, 2]), 1e-15);
        Assert.Equal(1, TwoSamples.KolmogorovSmirnov([1, 2], [3]));
        Assert.Equal(0, TwoSamples.KolmogorovSmirnov([1, 2], [2, 1, 1, 2]));
        Close.Require(0.5, TwoSamples.TotalVariation([1, 1, 0], [1, 0, 1]), 1e-15);
        Assert.Throws<ArgumentException>(() => TwoSamples.KolmogorovSmirnov([], [1]));
        Assert.Throws<ArgumentException>(() => TwoSamples.KolmogorovSmirnov([1], [double.NaN]));
        Assert.Throws<ArgumentException>(() => TwoSamples.TotalVariation([1], [1, 1]));
        Assert.Throws<ArgumentException>(() => TwoSamples.TotalVariation([0], [1]));
    }

    [Fact]
    public void Associations_are_those_of_scipy()
    {
        // scipy.stats.spearmanr and pearsonr, and scipy.stats.contingency.association(method="cramer"), SciPy 1.10.1
        Close.Require(0.5, Association.Spearman([1, 2, 2, 5], [1, 3, 2, 2]), 1e-14);
        Close.Require(0.23570226039551587, Association.Pearson([1, 2, 2, 5], [1, 3, 2, 2]), 1e-14);
        Close.Require(0.3333333333333333, Association.CramersV(new[,] { { 2, 1 }, { 1, 2 } }), 1e-14);
        Assert.Equal(1, Association.CramersV(new[,] { { 3, 0, 0 }, { 0, 0, 4 } }));
        Assert.True(double.IsNaN(Association.CramersV(new[,] { { 3, 4 } })));
        Assert.True(double.IsNaN(Association.Spearman([1, 1], [1, 2])));
        Assert.Throws<ArgumentException>(() => Association.Spearman([1, 2], [1]));
    }
}
