using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class BetaBinomialTests() : DistributionContract<BetaBinomial>(
    p => new BetaBinomial(p["total_count"], p["a"], p["b"]), "distributions/beta_binomial.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from total_count in new[] { 0, 1, 1e5 }
        from a in new[] { 1e-2, 1, 1e4 }
        select new Dictionary<string, Tensor>
        {
            ["total_count"] = Tensor.Full([2], total_count, DType.Float64), ["a"] = Tensor.Full([2], a, DType.Float64),
            ["b"] = Tensor.Full([2], 2, DType.Float64),
        };

    protected override IReadOnlyCollection<string> WholeNumbers => ["total_count"];

    [Fact]
    public void Draws_follow_the_masses()
    {
        var counts = new BetaBinomial(Tensor.Full([], 8, DType.Float64), Tensor.Full([], 0.4, DType.Float64),
            Tensor.Full([], 0.7, DType.Float64));
        double[] draws = counts.Sample(new Rng(4), [Ecdf.Draws]).Doubles(),
            masses = counts.LogProb(Tensor.Arange(9, DType.Float64)).Exp().Doubles();
        double[] upTo = [.. draws.Select(k => masses.Take((int)k + 1).Sum())],
            before = [.. draws.Select(k => masses.Take((int)k).Sum())];
        Assert.True(Ecdf.Distance(draws, upTo, before) < Ecdf.Threshold);
    }
}
