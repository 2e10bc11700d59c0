using Reparam.Distributions;
using Reparam.Distributions.Divergences;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions.Divergences;

public sealed class KLDivergenceTests
{
    [Fact]
    public void Closed_form_against_the_standard_normal_is_appendix_B_of_the_paper()
    {
        double[] loc = [0, 1.5, -0.3], logVariance = [0, -2, 0.7];
        double[] byHand = [.. loc.Zip(logVariance, (m, v) => 0.5 * (m * m + Math.Exp(v) - 1 - v))];
        DiagonalNormal q = DiagonalNormal.FromLogVariance(Tensor.From(loc, [3]), Tensor.From(logVariance, [3]));
        Close.Require(byHand, q.ComponentwiseKL(DiagonalNormal.Standard(3, DType.Float64)).Doubles(), 1e-14);
        Close.Require(byHand.Sum(), KLDivergence.ClosedForm(q, DiagonalNormal.Standard(3, DType.Float64))!.Item(), 1e-14);
    }

    [Fact]
    public void Pair_without_a_closed_form_is_sampled_says_so_and_agrees()
    {
        // The same normal in two guises: the pair has no formula, its value is known from the pair that has.
        DiagonalNormal q = new(Tensor.From([0.5, -1], [2]), Tensor.From([0.5, 2], [2]));
        DiagonalNormal p = DiagonalNormal.Standard(2, DType.Float64);
        var disguised = new Independent(new Normal(p.Loc, p.Scale), 1);
        Assert.Null(KLDivergence.ClosedForm(q, disguised));
        double exact = KLDivergence.ClosedForm(q, p)!.Item();
        double[] means = [.. Enumerable.Range(0, 50).Select(i => KLDivergence.Between(q, disguised, new Rng((ulong)i), samples: 400).Value.Item())];
        MonteCarlo.RequireMean(exact, means, "Monte Carlo KL");
        Assert.Equal(KLMethod.MonteCarlo, KLDivergence.Between(q, disguised, new Rng(1)).Method);
    }

    [Fact]
    public void Monte_Carlo_form_is_differentiable_in_all_parameters() => GradientCheck.Require(
        v => KLDivergence.MonteCarlo(new Normal(v[0], v[1]), new Normal(v[2], v[3]), new Rng(3), samples: 5),
        GradientCheck.Values([3], -1, 1), GradientCheck.Values([3], 0.5, 1), GradientCheck.Values([3], -1, 1, seed: 2), GradientCheck.Values([3], 0.5, 1, seed: 2));

    [Fact]
    public void Pair_with_neither_formula_nor_pathwise_draws_is_refused_with_advice()
    {
        var q = new Bernoulli(Tensor.Zeros([3]));
        var problem = Assert.Throws<NotSupportedException>(() => KLDivergence.Between(q, new Binomial(Tensor.Ones([3]), Tensor.Zeros([3])), new Rng(1)));
        Assert.Contains("KL(Bernoulli || Binomial) has no closed form", problem.Message, StringComparison.Ordinal);
        Assert.Contains("Relax it", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Events_of_different_shapes_are_refused_not_broadcast()
    {
        var problem = Assert.Throws<ArgumentException>(() => KLDivergence.ClosedForm(DiagonalNormal.Standard(5), DiagonalNormal.Standard(1)));
        Assert.Contains("[5] and [1]", problem.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => KLDivergence.Between(DiagonalNormal.Standard(5), new Normal(Tensor.Zeros([5]), Tensor.Ones([5])), new Rng(1)));
    }

    [Theory]
    [InlineData(100, -100)]
    [InlineData(-100, 100)]
    [InlineData(1e4, -1e4)]
    public void Nearly_disjoint_coins_diverge_by_their_logits(double q, double p)
    {
        Tensor kl = KLDivergence.ClosedForm(new Bernoulli(Tensor.Full([1], q)), new Bernoulli(Tensor.Full([1], p)))!;
        // All of q sits where p has mass e^-|p|.
        Close.Require(Math.Abs(p), kl.Item(), 1e-6);
    }
}
