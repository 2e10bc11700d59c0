using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class ContinuousBernoulliTests() : ReparameterizedContract<ContinuousBernoulli>(p => new ContinuousBernoulli(p["logits"]), "distributions/continuous_bernoulli.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from logits in new[] { 0, 1e-10, 0.0999, 0.1001, -0.5, 100, -100 }
        select new Dictionary<string, Tensor> { ["logits"] = Tensor.Full([2], logits, DType.Float64) };
}
