using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class ZeroInflatedTests() : DistributionContract<ZeroInflated>(
    p => new ZeroInflated(new Poisson(p["rate"]), p["gate"]), "distributions/zero_inflated_poisson.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from rate in new[] { 1e-3, 1, 100 }
        from gate in new[] { -10, 0, 10 }
        select new Dictionary<string, Tensor>
        {
            ["rate"] = Tensor.Full([2], rate, DType.Float64), ["gate"] = Tensor.Full([2], gate, DType.Float64),
        };

    [Fact]
    public void What_is_no_count_and_counts_of_no_mass_have_none_here_either()
    {
        Tensor gate = Tensor.From([0.3, -1], [2]);
        var zeros = new ZeroInflated(new Poisson(Tensor.From([2.0, 0], [2])), gate);
        Assert.All(zeros.LogProb(Tensor.From([-1.0, 2.5, 0.5, -3], [2, 2])).Doubles(),
            logProb => Assert.Equal(double.NegativeInfinity, logProb));
        Assert.Equal([0, double.NegativeInfinity],
            [.. zeros.LogProb(Tensor.From([1.0, 0, 1, 3], [2, 2])).Slice(^1, 1, 1).Doubles()]);
    }
}
