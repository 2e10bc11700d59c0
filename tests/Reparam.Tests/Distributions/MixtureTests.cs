using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class MixtureTests() : DistributionContract<Mixture>(
    p => new Mixture(new Categorical(p["logits"]), new Poisson(p["rate"])), "distributions/poisson_mixture.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        from rate in new[] { 1e-6, 1, 1e4 }
        select new Dictionary<string, Tensor>
        {
            ["logits"] = Tensor.From([-30.0, 0, 30], [1, 3]), ["rate"] = Tensor.From([rate, 1, rate], [1, 3]),
        };

    [Fact]
    public void Mixture_of_discretised_logistics_has_masses_that_sum_to_one()
    {
        Tensor logits = GradientCheck.Values([2, 4], -1, 1), loc = GradientCheck.Values([2, 4], -0.2, 1.2, seed: 2),
            logScale = GradientCheck.Values([2, 4], -6, 0, seed: 3);
        var mixture = new Mixture(new Categorical(logits), new DiscretizedLogistic(loc, logScale));
        Assert.All(
            mixture.LogProb(mixture.EnumerateSupport()).LogSumExp(0).Doubles(), total => Assert.Equal(0, total, 1e-12));
        Assert.True(mixture.LogProb(mixture.Sample(new Rng(1), [100])).IsFinite());
    }

    [Fact]
    public void Components_that_do_not_lie_along_the_last_axis_are_refused() =>
        Assert.Contains("3 components", Assert.Throws<ArgumentException>(
            () => new Mixture(new Categorical(Tensor.Zeros([2, 3])), new Poisson(Tensor.Ones([3, 2])))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Weights_of_one_serve_a_batch_of_components()
    {
        var mixture = new Mixture(new Categorical(Tensor.Zeros([3])), new Poisson(Tensor.Ones([5, 3])));
        Shape batch = [5], drawn = [4, 5];
        Assert.Equal(batch, mixture.BatchShape);
        Assert.Equal(drawn, mixture.Sample(new Rng(1), [4]).Shape);
        Assert.Equal(batch, mixture.Mean.Shape);
        var other = new Mixture(new Categorical(Tensor.Zeros([5, 3])), new Poisson(Tensor.Ones([3])));
        Assert.Equal(drawn, other.Sample(new Rng(1), [4]).Shape);
        Assert.Equal(batch, other.Mean.Shape);
    }
}
