using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class GammaTests() : ReparameterizedContract<Gamma>(p => new Gamma(p["concentration"], p["rate"]), "distributions/gamma.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from concentration in new[] { 1e-3, 0.1, 1, 1e6 }
        from rate in new[] { 1e-6, 1, 1e6 }
        select new Dictionary<string, Tensor> { ["concentration"] = Tensor.Full([2], concentration, DType.Float64), ["rate"] = Tensor.Full([2], rate, DType.Float64) };
}
