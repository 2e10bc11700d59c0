using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class InverseGammaTests() : ReparameterizedContract<InverseGamma>(
    p => new InverseGamma(p["concentration"], p["scale"]), "distributions/inverse_gamma.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from concentration in new[] { 0.5, 1, 1e6 }
        from scale in new[] { 1e-3, 1, 1e3 }
        select new Dictionary<string, Tensor>
        {
            ["concentration"] = Tensor.Full([2], concentration, DType.Float64),
            ["scale"] = Tensor.Full([2], scale, DType.Float64),
        };
}
