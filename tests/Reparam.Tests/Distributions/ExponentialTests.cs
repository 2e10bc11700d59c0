using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class ExponentialTests()
    : ReparameterizedContract<Exponential>(p => new Exponential(p["rate"]), "distributions/exponential.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from rate in new[] { 1e-8, 1, 1e8 }
        select new Dictionary<string, Tensor> { ["rate"] = Tensor.Full([2], rate, DType.Float64) };
}
