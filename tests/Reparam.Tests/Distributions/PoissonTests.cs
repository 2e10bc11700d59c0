using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class PoissonTests()
    : DistributionContract<Poisson>(p => new Poisson(p["rate"]), "distributions/poisson.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from rate in new[] { 1e-6, 1, 1e5 }
        select new Dictionary<string, Tensor> { ["rate"] = Tensor.Full([2], rate, DType.Float64) };

    [Fact]
    public void Large_counts_in_Float32_keep_their_masses_and_their_spread()
    {
        // log k! and k log rate are of the order of 1e7 here, where neighbours in Float32 differ by 1.
        var single = new Poisson(Tensor.From([1e6f], [1]));
        var exact = new Poisson(Tensor.From([1e6], [1]));
        Tensor counts = Tensor.From([998_000.0, 1_000_000, 1_001_000], [3, 1]);
        Close.Require(
            exact.LogProb(counts).Doubles(), single.LogProb(counts.To(DType.Float32)).Doubles(), 1e-6, "log_prob");
        double[] draws = single.Sample(new Rng(3), [2000]).Doubles();
        MonteCarlo.RequireMean(1e6, draws.Select(k => (k - 1e6) * (k - 1e6)), "variance");
    }

    [Fact]
    public void Large_rates_are_drawn_in_bounded_time_and_follow_the_normal_limit()
    {
        // A walk over standard deviations of 1e7 would take minutes for these draws; at 1e14 p(mode) is far below what
        // a walk resolves.
        foreach (double rate in (double[])[1e5, 1e9, 1e14])
        {
            var counts = new Poisson(Tensor.Full([], rate, DType.Float64));
            var watch = System.Diagnostics.Stopwatch.StartNew();
            double[] z = [.. counts.Sample(new Rng(3), [4000]).Doubles().Select(k => (k - rate) / Math.Sqrt(rate))];
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{rate}: {watch.Elapsed}");
            MonteCarlo.RequireMean(0, z, $"mean {rate}");
            MonteCarlo.RequireMean(1, z.Select(x => x * x), $"variance {rate}");
        }

        NotSupportedException refusal = Assert.Throws<NotSupportedException>(
            () => new Poisson(Tensor.Full([], 1e16, DType.Float64)).Sample(new Rng(1)));
        Assert.Contains("1E+15", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Draws_by_search_are_the_quantile_of_their_noise()
    {
        var counts = new Poisson(Tensor.From([3.5, 4e5], [2]));
        Tensor p = Tensor.From([0.001, 0.3, 0.5, 0.9, 0.999999], [5, 1]), k = counts.InverseCdf(p);
        double[] at = counts.Cdf(k).Doubles(), before = counts.Cdf(k - 1).Doubles(),
            wanted = p.BroadcastTo([5, 2]).Doubles();
        for (int i = 0; i < wanted.Length; i++)
            Assert.True(before[i] < wanted[i] && wanted[i] <= at[i] + 1e-15, $"{i}: {before[i]} {wanted[i]} {at[i]}");
    }
}
