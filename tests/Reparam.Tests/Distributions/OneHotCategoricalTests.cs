using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class OneHotCategoricalTests() : DistributionContract<OneHotCategorical>(
    p => new OneHotCategorical(p["logits"]), "distributions/one_hot_categorical.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from scale in new[] { 1, 30, 1e3 }
        select new Dictionary<string, Tensor> { ["logits"] = Tensor.From([-scale, 0, scale], [1, 3]) };
}
