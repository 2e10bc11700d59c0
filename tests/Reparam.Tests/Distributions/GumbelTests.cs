using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class GumbelTests()
    : ReparameterizedContract<Gumbel>(p => new Gumbel(p["loc"], p["scale"]), "distributions/gumbel.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from loc in new[] { 0, 1e2, -1e2 }
        from scale in new[] { 1e-3, 1, 1e8 }
        select new Dictionary<string, Tensor>
        {
            ["loc"] = Tensor.Full([2], loc, DType.Float64), ["scale"] = Tensor.Full([2], scale, DType.Float64),
        };
}
