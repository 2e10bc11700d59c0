using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class RelaxedOneHotCategoricalTests() : ReparameterizedContract<RelaxedOneHotCategorical>(
    p => new RelaxedOneHotCategorical(p["temperature"], p["logits"]), "distributions/relaxed_one_hot_categorical.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from temperature in new[] { 0.2, 1, 100 }
        select new Dictionary<string, Tensor>
        {
            ["temperature"] = Tensor.Full([1], temperature, DType.Float64),
            ["logits"] = Tensor.From([-5.0, 0, 5], [1, 3]),
        };

    [Fact]
    public void Temperature_larger_than_the_batch_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new RelaxedOneHotCategorical(Tensor.Ones([3]), Tensor.Zeros([2])));
        Assert.Throws<ArgumentException>(() => new RelaxedOneHotCategorical(Tensor.Ones([2, 3]), Tensor.Zeros([3, 4])));
        Shape drawn = [2, 3, 4];
        Assert.Equal(
            drawn, new RelaxedOneHotCategorical(Tensor.Ones([3]), Tensor.Zeros([2, 3, 4])).Sample(new Rng(1)).Shape);
    }
}
