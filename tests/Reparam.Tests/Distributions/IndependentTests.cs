using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class IndependentTests()
    : DistributionContract<Independent>(
        p => new Independent(new Bernoulli(p["logits"]), 1), "independent_bernoulli.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        [new() { ["logits"] = Tensor.From([100.0, -100, 1e4, -1e4], [2, 2]) }];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Joining_axes_moves_them_from_the_batch_to_the_event(int axes)
    {
        Shape whole = [2, 3, 4];
        Tensor logits = GradientCheck.Values(whole, -2, 2);
        var joined = new Independent(new Bernoulli(logits), axes);
        Assert.Equal(whole[..(3 - axes)], joined.BatchShape);
        Assert.Equal(whole[(3 - axes)..], joined.EventShape);
        Tensor x = joined.Sample(new Rng(1), [5]);
        Tensor sum = new Bernoulli(logits).LogProb(x);
        for (int i = 0; i < axes; i++) sum = sum.Sum(^1);
        Close.Require(sum.Doubles(), joined.LogProb(x).Doubles(), 1e-14);
    }

    [Fact]
    public void More_axes_than_the_batch_has_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Independent(new Bernoulli(Tensor.Zeros([3])), 2));
}
