using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class NegativeBinomialTests() : DistributionContract<NegativeBinomial>(
    p => new NegativeBinomial(p["total_count"], p["logits"]), "distributions/negative_binomial.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from total_count in new[] { 0.01, 1, 1e3 }
        from logits in new[] { -10, 0, 5 }
        select new Dictionary<string, Tensor>
        {
            ["total_count"] = Tensor.Full([2], total_count, DType.Float64),
            ["logits"] = Tensor.Full([2], logits, DType.Float64),
        };

    [Fact]
    public void A_long_tail_beyond_the_mode_is_drawn_in_bounded_time()
    {
        // r = 0.05: zero is likely, and the rest reaches to millions.
        var counts = new NegativeBinomial(
            Tensor.Full([], 0.05, DType.Float64), Tensor.Full([], Math.Log(1e7), DType.Float64));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        double[] draws = counts.Sample(new Rng(3), [4000]).Doubles();
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
        MonteCarlo.RequireMean(counts.Mean.Item(), draws, "mean");
        MonteCarlo.RequireMean(
            counts.LogProb(Tensor.Zeros([], DType.Float64)).Exp().Item(), draws.Select(k => k == 0 ? 1.0 : 0), "zeros");
    }
}
