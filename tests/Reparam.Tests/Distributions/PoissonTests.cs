using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class PoissonTests() : DistributionContract<Poisson>(p => new Poisson(p["rate"]), "distributions/poisson.json")
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
        Close.Require(exact.LogProb(counts).Doubles(), single.LogProb(counts.To(DType.Float32)).Doubles(), 1e-6, "log_prob");
        double[] draws = single.Sample(new Rng(3), [2000]).Doubles();
        MonteCarlo.RequireMean(1e6, draws.Select(k => (k - 1e6) * (k - 1e6)), "variance");
    }
}
