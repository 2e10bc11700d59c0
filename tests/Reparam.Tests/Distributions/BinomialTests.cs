using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class BinomialTests() : DistributionContract<Binomial>(p => new Binomial(p["total_count"], p["logits"]), "distributions/binomial.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from total_count in new[] { 0, 1, 1e5 }
        from logits in new[] { -10, 0, 10 }
        select new Dictionary<string, Tensor> { ["total_count"] = Tensor.Full([2], total_count, DType.Float64), ["logits"] = Tensor.Full([2], logits, DType.Float64) };

    protected override IReadOnlyCollection<string> WholeNumbers => ["total_count"];
}
