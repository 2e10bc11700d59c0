using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class LogisticNormalTests() : ReparameterizedContract<LogisticNormal>(
    p => new LogisticNormal(p["loc"], p["scale"]), "distributions/logistic_normal.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from loc in new[] { 0, 10, -10 }
        from scale in new[] { 1e-3, 1, 10 }
        select new Dictionary<string, Tensor>
        {
            ["loc"] = Tensor.Full([1, 2], loc, DType.Float64), ["scale"] = Tensor.Full([1, 2], scale, DType.Float64),
        };
}
