using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class BinomialTests()
    : DistributionContract<Binomial>(p => new Binomial(p["total_count"], p["logits"]), "distributions/binomial.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from total_count in new[] { 0, 1, 1e5 }
        from logits in new[] { -10, 0, 10 }
        select new Dictionary<string, Tensor>
        {
            ["total_count"] = Tensor.Full([2], total_count, DType.Float64),
            ["logits"] = Tensor.Full([2], logits, DType.Float64),
        };

    protected override IReadOnlyCollection<string> WholeNumbers => ["total_count"];

    [Fact]
    public void Large_counts_in_Float32_keep_their_masses_and_their_spread()
    {
        var single = new Binomial(Tensor.From([1e6f], [1]), Tensor.From([0f], [1]));
        var exact = new Binomial(Tensor.From([1e6], [1]), Tensor.From([0.0], [1]));
        Tensor counts = Tensor.From([499_000.0, 500_000, 500_500], [3, 1]);
        Close.Require(
            exact.LogProb(counts).Doubles(), single.LogProb(counts.To(DType.Float32)).Doubles(), 1e-6, "log_prob");
        double[] draws = single.Sample(new Rng(3), [2000]).Doubles();
        MonteCarlo.RequireMean(2.5e5, draws.Select(k => (k - 5e5) * (k - 5e5)), "variance");
    }

    [Fact]
    public void Counts_of_trillions_are_drawn_and_an_infinite_one_is_refused()
    {
        foreach (double logit in (double[])[-20, 0, 3])
        {
            var counts = new Binomial(Tensor.Full([], 1e13, DType.Float64), Tensor.Full([], logit, DType.Float64));
            double mean = counts.Mean.Item(), deviation = Math.Sqrt(counts.Variance.Item());
            double[] z = [.. counts.Sample(new Rng(3), [4000]).Doubles().Select(k => (k - mean) / deviation)];
            MonteCarlo.RequireMean(0, z, $"mean {logit}");
            MonteCarlo.RequireMean(1, z.Select(x => x * x), $"variance {logit}");
        }

        ArgumentException refusal = Assert.Throws<ArgumentException>(
            () => new Binomial(Tensor.Full([], double.PositiveInfinity), Tensor.Zeros([])));
        Assert.Contains("finite", refusal.Message, StringComparison.Ordinal);
    }
}
