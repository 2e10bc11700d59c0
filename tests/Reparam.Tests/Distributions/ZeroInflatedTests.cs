using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class ZeroInflatedTests() : DistributionContract<ZeroInflated>(p => new ZeroInflated(new Poisson(p["rate"]), p["gate"]), "distributions/zero_inflated_poisson.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from rate in new[] { 1e-3, 1, 100 }
        from gate in new[] { -10, 0, 10 }
        select new Dictionary<string, Tensor> { ["rate"] = Tensor.Full([2], rate, DType.Float64), ["gate"] = Tensor.Full([2], gate, DType.Float64) };
}
