using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class PoissonTests() : DistributionContract<Poisson>(p => new Poisson(p["rate"]), "distributions/poisson.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from rate in new[] { 1e-6, 1, 1e5 }
        select new Dictionary<string, Tensor> { ["rate"] = Tensor.Full([2], rate, DType.Float64) };
}
