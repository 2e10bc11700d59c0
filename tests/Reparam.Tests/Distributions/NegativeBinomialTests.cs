using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class NegativeBinomialTests() : DistributionContract<NegativeBinomial>(p => new NegativeBinomial(p["total_count"], p["logits"]), "distributions/negative_binomial.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from total_count in new[] { 0.01, 1, 1e3 }
        from logits in new[] { -10, 0, 5 }
        select new Dictionary<string, Tensor> { ["total_count"] = Tensor.Full([2], total_count, DType.Float64), ["logits"] = Tensor.Full([2], logits, DType.Float64) };
}
