using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

public sealed class BernoulliTests()
    : DistributionContract<Bernoulli>(p => new Bernoulli(p["logits"]), "bernoulli.json")
{
    protected override IEnumerable<Dictionary<string, Tensor>> Extremes =>
        [new() { ["logits"] = Tensor.From([100.0, -100, 1e4, -1e4, 1e30, -1e30], [6]) }];

    [Fact]
    public void FromProbs_agrees_with_logits_to_a_millionth()
    {
        Tensor logits = GradientCheck.Values([40], -8, 8);
        Bernoulli byLogits = new(logits), byProbs = Bernoulli.FromProbs(logits.Sigmoid()),
            other = new(Tensor.Zeros([40], DType.Float64));
        Tensor x = byLogits.Sample(new Rng(1), [3]);
        Close.Require(byLogits.LogProb(x).Doubles(), byProbs.LogProb(x).Doubles(), 1e-6, "log_prob");
        Close.Require(byLogits.Entropy().Doubles(), byProbs.Entropy().Doubles(), 1e-6, "entropy");
        Close.Require(byLogits.Probs.Doubles(), byProbs.Probs.Doubles(), 1e-6, "probs");
        Assert.Equal(x.Doubles(), byProbs.Sample(new Rng(1), [3]).Doubles());
        Close.Require(
            Reparam.Distributions.Divergences.KLDivergence.ClosedForm(byLogits, other)!.Doubles(),
            Reparam.Distributions.Divergences.KLDivergence.ClosedForm(byProbs, other)!.Doubles(), 1e-6, "KL");
    }

    [Fact]
    public void Probabilities_of_both_values_sum_to_one()
    {
        var coin = new Bernoulli(GradientCheck.Values([50], -30, 30));
        Tensor total = coin.LogProb(Tensor.Zeros([50], DType.Float64)).Exp() + coin.LogProb(
            Tensor.Ones([50], DType.Float64)).Exp();
        // A log-probability near -30 is rounded by 30 x 2^-53, which its exponential inherits.
        Assert.All(total.Doubles(), p => Assert.Equal(1, p, 1e-14));
    }

    [Theory]
    [InlineData(DType.Float32, 1e-6)]
    [InlineData(DType.Float64, 1e-14)]
    public void Entropy_of_a_nearly_certain_coin_keeps_its_digits_on_both_sides(DType dtype, double tolerance)
    {
        double[] entropy = new Bernoulli(Tensor.From([-40.0, -10, 10, 40], [4]).To(dtype)).Entropy().Doubles();
        // log(1 + e^-s) + s / (1 + e^s), relative.
        double[] expected = [41 * Math.Exp(-40), 4.9937538943e-04, 4.9937538943e-04, 41 * Math.Exp(-40)];
        Close.Require(
            [1, 1], [entropy[0] / expected[0], entropy[3] / expected[3]], Math.Max(tolerance, 1e-14), "entropy at 40");
        Close.Require([entropy[1]], [entropy[2]], 0, "entropy at 10");
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Infinite_log_odds_are_certain(DType dtype)
    {
        Tensor logits = Tensor.From([double.PositiveInfinity, double.NegativeInfinity, 0], [3]).To(dtype);
        var coins = new Bernoulli(logits);
        Assert.Equal([0, double.NegativeInfinity], coins.LogProb(Tensor.Ones([3], dtype)).Doubles()[..2]);
        Assert.Equal([double.NegativeInfinity, 0], coins.LogProb(Tensor.Zeros([3], dtype)).Doubles()[..2]);
        Close.Require(-Math.Log(2), coins.LogProb(Tensor.Ones([3], dtype)).At(2), 1e-6);
        Assert.Equal([0, 0], coins.Entropy().Doubles()[..2]);
        Close.Require(
            -Math.Log(2), new Independent(coins, 1).LogProb(Tensor.From([1.0, 0, 1], [3]).To(dtype)).Item(), 1e-6);
        using var tape = new GradientTape();
        Assert.Equal([0, 0, 0.5], tape.Gradients(
            new Bernoulli(logits).LogProb(Tensor.From([1.0, 0, 1], [3]).To(dtype)).Sum(), [logits])[0].Doubles());
        // A NaN stays one.
        Assert.True(
            double.IsNaN(new Bernoulli(Tensor.Full([], double.NaN, dtype)).LogProb(Tensor.Ones([], dtype)).Item()));
    }
}
