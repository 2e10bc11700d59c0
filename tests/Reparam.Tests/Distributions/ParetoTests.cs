using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class ParetoTests()
    : ReparameterizedContract<Pareto>(p => new Pareto(p["scale"], p["concentration"]), "distributions/pareto.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from scale in new[] { 1e-4, 1, 1e4 }
        from concentration in new[] { 0.5, 1, 100 }
        select new Dictionary<string, Tensor>
        {
            ["scale"] = Tensor.Full([2], scale, DType.Float64),
            ["concentration"] = Tensor.Full([2], concentration, DType.Float64),
        };

    [Fact]
    public void A_draw_that_Float32_can_hold_is_finite_though_a_factor_of_it_is_not()
    {
        // u^(-1/alpha) passes 3e38 in a tenth of the draws; times 1e-30 most of these come back.
        Tensor scale = Tensor.Full([4000], 1e-30), alpha = Tensor.Full([4000], 0.026);
        double[] draws = new Pareto(scale, alpha).Sample(new Rng(2)).Doubles();
        double[] noise = new Rng(2).UniformOpen([4000], DType.Float64).Doubles();
        double[] exact = [.. noise.Select(u => (double)1e-30f * Math.Pow(u, -1 / (double)0.026f))];
        Assert.Contains(exact, x => x > 1e9 && x < 1e38);
        for (int i = 0; i < exact.Length; i++)
        {
            Assert.True(exact[i] > 3.4e38 ? draws[i] == float.MaxValue : Math.Abs(draws[i] / exact[i] - 1) < 1e-5,
                $"{draws[i]} for {exact[i]}");
        }
    }
}
