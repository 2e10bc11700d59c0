using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class RelaxedOneHotCategoricalTests() : ReparameterizedContract<RelaxedOneHotCategorical>(p => new RelaxedOneHotCategorical(p["temperature"], p["logits"]), "distributions/relaxed_one_hot_categorical.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from temperature in new[] { 0.2, 1, 100 }
        select new Dictionary<string, Tensor> { ["temperature"] = Tensor.Full([1], temperature, DType.Float64), ["logits"] = Tensor.From([-5.0, 0, 5], [1, 3]) };
}
