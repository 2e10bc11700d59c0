using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class LaplaceTests()
    : ReparameterizedContract<Laplace>(p => new Laplace(p["loc"], p["scale"]), "distributions/laplace.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from loc in new[] { 0, 1e4, -1e4 }
        from scale in new[] { 1e-6, 1, 1e8 }
        select new Dictionary<string, Tensor>
        {
            ["loc"] = Tensor.Full([2], loc, DType.Float64), ["scale"] = Tensor.Full([2], scale, DType.Float64),
        };
}
