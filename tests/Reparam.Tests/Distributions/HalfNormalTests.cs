using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class HalfNormalTests()
    : ReparameterizedContract<HalfNormal>(p => new HalfNormal(p["scale"]), "distributions/half_normal.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from scale in new[] { 1e-8, 1, 1e8 }
        select new Dictionary<string, Tensor> { ["scale"] = Tensor.Full([2], scale, DType.Float64) };
}
