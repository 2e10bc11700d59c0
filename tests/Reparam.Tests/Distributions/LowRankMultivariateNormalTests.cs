using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class LowRankMultivariateNormalTests() : ReparameterizedContract<LowRankMultivariateNormal>(
    p => new LowRankMultivariateNormal(p["loc"], p["factor"], p["diagonal"]),
    "distributions/low_rank_multivariate_normal.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from scale in new[] { 1e-3, 1, 1e3 }
        select new Dictionary<string, Tensor>
        {
            ["loc"] = Tensor.Zeros([1, 2], DType.Float64), ["factor"] = Tensor.From([scale, -scale], [1, 2, 1]),
            ["diagonal"] = Tensor.Full([1, 2], scale, DType.Float64),
        };
}
