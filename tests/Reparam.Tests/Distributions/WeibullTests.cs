using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class WeibullTests() : ReparameterizedContract<Weibull>(p => new Weibull(p["scale"], p["concentration"]), "distributions/weibull.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from scale in new[] { 1e-4, 1, 1e4 }
        from concentration in new[] { 0.2, 1, 100 }
        select new Dictionary<string, Tensor> { ["scale"] = Tensor.Full([2], scale, DType.Float64), ["concentration"] = Tensor.Full([2], concentration, DType.Float64) };
}
