using Reparam.Distributions;
using Reparam.Distributions.Divergences;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions.Divergences;

public sealed class KLDivergenceTests
{
    [Theory]
    [InlineData(DType.Float32, 1e-3)]
    [InlineData(DType.Float64, 1e-9)]
    public void Closed_form_from_expectations_does_not_overflow_far_from_zero(DType dtype, double tolerance)
    {
        // KL does not notice a shift or a change of units: the value is that of the pair at 0, and of unit scale.
        Tensor Of(double x) => Tensor.Scalar(x, dtype);
        double[] moves = [-4096, 0, 4096], units = [1e-6, 1, 1e6];
        Func<double, Distribution>[] moved = [c => new Normal(Of(c), Of(1)), c => new Laplace(Of(c), Of(0.25)),
            c => new Logistic(Of(c), Of(0.25)), c => new Uniform(Of(c - 1), Of(c + 1))];
        foreach (Func<double, Distribution> q in moved) Same(moves, q, c => new Gumbel(Of(c), Of(1)));
        Func<double, Distribution>[] scaled =
            [s => new Gamma(Of(100), Of(100 / s)), s => new InverseGamma(Of(100), Of(100 * s)),
                s => new Uniform(Of(0.5 * s), Of(1.5 * s)), s => new LogNormal(Of(Math.Log(s)), Of(0.1)),
                s => new Pareto(Of(s), Of(30))];
        foreach (Func<double, Distribution> q in scaled)
        {
            Same(units, q, s => new Weibull(Of(s), Of(20)));
            Same(units, q, s => new InverseGamma(Of(8), Of(8 * s)));
        }

        void Same(double[] at, Func<double, Distribution> q, Func<double, Distribution> p)
        {
            double[] values = [.. at.Select(c => KLDivergence.ClosedForm(q(c), p(c))?.Item() ?? double.NaN)];
            if (double.IsNaN(values[1])) return; // neither side of this pair is in the table of closed forms
            Close.Require([values[1], values[1], values[1]], values, tolerance, $"KL({q(at[1])} || {p(at[1])})");
        }
    }

    [Fact]
    public void Closed_form_against_the_standard_normal_is_appendix_B_of_the_paper()
    {
        double[] loc = [0, 1.5, -0.3], logVariance = [0, -2, 0.7];
        double[] byHand = [.. loc.Zip(logVariance, (m, v) => 0.5 * (m * m + Math.Exp(v) - 1 - v))];
        DiagonalNormal q = DiagonalNormal.FromLogVariance(Tensor.From(loc, [3]), Tensor.From(logVariance, [3]));
        Close.Require(byHand, q.ComponentwiseKL(DiagonalNormal.Standard(3, DType.Float64)).Doubles(), 1e-14);
        Close.Require(
            byHand.Sum(), KLDivergence.ClosedForm(q, DiagonalNormal.Standard(3, DType.Float64))!.Item(), 1e-14);
    }

    [Fact]
    public void Pair_without_a_closed_form_is_sampled_says_so_and_agrees()
    {
        // A mixture of one normal twice: the pair has no formula, its value is known from the pair that has.
        DiagonalNormal q = new(Tensor.From([0.5, -1], [2]), Tensor.From([0.5, 2], [2]));
        DiagonalNormal p = DiagonalNormal.Standard(2, DType.Float64);
        Assert.Equal(KLDivergence.ClosedForm(q, p)!.Item(),
            KLDivergence.ClosedForm(q, new Independent(new Normal(p.Loc, p.Scale), 1))!.Item(), 15);
        var twice = new DiagonalNormal(Tensor.Zeros([2, 2], DType.Float64), Tensor.Ones([2, 2], DType.Float64));
        var disguised = new Mixture(new Categorical(Tensor.Zeros([2], DType.Float64)), twice);
        Assert.Null(KLDivergence.ClosedForm(q, disguised));
        double exact = KLDivergence.ClosedForm(q, p)!.Item();
        double[] means = [.. Enumerable.Range(0, 50).Select(
            i => KLDivergence.Between(q, disguised, new Rng((ulong)i), samples: 400).Value.Item())];
        MonteCarlo.RequireMean(exact, means, "Monte Carlo KL");
        Assert.Equal(KLMethod.MonteCarlo, KLDivergence.Between(q, disguised, new Rng(1)).Method);
    }

    [Fact]
    public void Monte_Carlo_form_is_differentiable_in_all_parameters() => GradientCheck.Require(
        v => KLDivergence.MonteCarlo(new Normal(v[0], v[1]), new Normal(v[2], v[3]), new Rng(3), samples: 5),
        GradientCheck.Values([3], -1, 1), GradientCheck.Values([3], 0.5, 1), GradientCheck.Values([3], -1, 1, seed: 2),
        GradientCheck.Values([3], 0.5, 1, seed: 2));

    [Fact]
    public void Pair_with_neither_formula_nor_pathwise_draws_is_refused_with_advice()
    {
        var q = new Bernoulli(Tensor.Zeros([3]));
        var problem = Assert.Throws<NotSupportedException>(
            () => KLDivergence.Between(q, new Binomial(Tensor.Ones([3]), Tensor.Zeros([3])), new Rng(1)));
        Assert.Contains("KL(Bernoulli || Binomial) has no closed form", problem.Message, StringComparison.Ordinal);
        Assert.Contains("Use a relaxation of it", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Events_of_different_shapes_are_refused_not_broadcast()
    {
        var problem = Assert.Throws<ArgumentException>(
            () => KLDivergence.ClosedForm(DiagonalNormal.Standard(5), DiagonalNormal.Standard(1)));
        Assert.Contains("[5] and [1]", problem.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => KLDivergence.Between(
            DiagonalNormal.Standard(5), new Normal(Tensor.Zeros([5]), Tensor.Ones([5])), new Rng(1)));
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
