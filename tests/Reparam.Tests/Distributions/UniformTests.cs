using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class UniformTests()
    : ReparameterizedContract<Uniform>(p => new Uniform(p["low"], p["high"]), "distributions/uniform.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from low in new[] { 0, -1e4 }
        from high in new[] { 1e-6, 1e8 }
        select new Dictionary<string, Tensor>
        {
            ["low"] = Tensor.Full([2], low, DType.Float64), ["high"] = Tensor.Full([2], high, DType.Float64),
        };
}
