using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class MultinomialTests()
    : DistributionContract<Multinomial>(p => new Multinomial(7, p["logits"]), "distributions/multinomial.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from scale in new[] { 1, 30, 1e3 }
        select new Dictionary<string, Tensor> { ["logits"] = Tensor.From([-scale, 0, scale], [1, 3]) };
}
