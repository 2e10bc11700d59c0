using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class RelaxedBernoulliTests() : ReparameterizedContract<RelaxedBernoulli>(
    p => new RelaxedBernoulli(p["temperature"], p["logits"]), "distributions/relaxed_bernoulli.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from temperature in new[] { 0.1, 1, 100 }
        from logits in new[] { 0, 10, -10 }
        select new Dictionary<string, Tensor>
        {
            ["temperature"] = Tensor.Full([2], temperature, DType.Float64),
            ["logits"] = Tensor.Full([2], logits, DType.Float64),
        };
}
