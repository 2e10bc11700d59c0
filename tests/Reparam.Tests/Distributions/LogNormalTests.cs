using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class LogNormalTests()
    : ReparameterizedContract<LogNormal>(p => new LogNormal(p["loc"], p["scale"]), "distributions/log_normal.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from loc in new[] { 0, 10, -10 }
        from scale in new[] { 1e-3, 1, 10 }
        select new Dictionary<string, Tensor>
        {
            ["loc"] = Tensor.Full([2], loc, DType.Float64), ["scale"] = Tensor.Full([2], scale, DType.Float64),
        };
}
