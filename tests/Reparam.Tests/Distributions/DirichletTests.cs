using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class DirichletTests()
    : ReparameterizedContract<Dirichlet>(p => new Dirichlet(p["concentration"]), "distributions/dirichlet.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from concentration in new[] { 1e-3, 1, 1e5 }
        select new Dictionary<string, Tensor> { ["concentration"] = Tensor.Full([1, 3], concentration, DType.Float64) };
}
