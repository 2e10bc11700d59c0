using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class BetaTests()
    : ReparameterizedContract<Beta>(p => new Beta(p["a"], p["b"]), "distributions/beta.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from a in new[] { 1e-2, 1, 1e5 }
        from b in new[] { 1e-2, 1, 1e5 }
        select new Dictionary<string, Tensor>
        {
            ["a"] = Tensor.Full([2], a, DType.Float64), ["b"] = Tensor.Full([2], b, DType.Float64),
        };
}
