using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class KumaraswamyTests() : ReparameterizedContract<Kumaraswamy>(p => new Kumaraswamy(p["a"], p["b"]), "distributions/kumaraswamy.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from a in new[] { 0.1, 1, 100 }
        from b in new[] { 0.1, 1, 100 }
        select new Dictionary<string, Tensor> { ["a"] = Tensor.Full([2], a, DType.Float64), ["b"] = Tensor.Full([2], b, DType.Float64) };
}
