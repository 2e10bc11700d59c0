using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class GeometricTests()
    : DistributionContract<Geometric>(p => new Geometric(p["logits"]), "distributions/geometric.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from logits in new[] { -10, 0, 10 }
        select new Dictionary<string, Tensor> { ["logits"] = Tensor.Full([2], logits, DType.Float64) };
}
