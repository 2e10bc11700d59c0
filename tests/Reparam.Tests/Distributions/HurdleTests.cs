using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class HurdleTests() : DistributionContract<Hurdle>(
    p => new Hurdle(new Poisson(p["rate"]), p["gate"]), "distributions/hurdle_poisson.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from rate in new[] { 1e-3, 1, 100 }
        from gate in new[] { -10, 0, 10 }
        select new Dictionary<string, Tensor>
        {
            ["rate"] = Tensor.Full([2], rate, DType.Float64), ["gate"] = Tensor.Full([2], gate, DType.Float64),
        };

    [Fact]
    public void Zeros_come_from_the_gate_alone()
    {
        var counts = new Hurdle(new NegativeBinomial(Tensor.Full([], 0.3), Tensor.Zeros([])), Tensor.Full([], -1.0));
        double[] draws = counts.Sample(new Rng(2), [20_000]).Doubles();
        MonteCarlo.RequireMean(1 / (1 + Math.E), draws.Select(k => k == 0 ? 1.0 : 0), "zeros");
    }

    [Fact]
    public void What_is_no_count_is_refused() => Assert.Throws<ArgumentException>(
        () => new Hurdle(new Normal(Tensor.Zeros([]), Tensor.Ones([])), Tensor.Zeros([])));
}
