using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class MultivariateNormalTests() : ReparameterizedContract<MultivariateNormal>(
    p => new MultivariateNormal(p["loc"], p["scale_tril"]), "distributions/multivariate_normal.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from scale in new[] { 1e-6, 1, 1e6 }
        select new Dictionary<string, Tensor>
        {
            ["loc"] = Tensor.Zeros([1, 2], DType.Float64),
            ["scale_tril"] = Tensor.From([scale, 0, scale, scale], [1, 2, 2]),
        };
}
