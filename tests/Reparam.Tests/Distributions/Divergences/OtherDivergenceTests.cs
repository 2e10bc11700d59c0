using Reparam.Distributions;
using Reparam.Distributions.Divergences;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions.Divergences;

public sealed class OtherDivergenceTests
{
    private static readonly Tensor Loc = Tensor.From([0.3, -0.4], [2]), Scale = Tensor.From([0.8, 1.2], [2]),
        OtherLoc = Tensor.From([0, 0.1], [2]), OtherScale = Tensor.From([1.0, 1.1], [2]);

    private static DiagonalNormal Q => new(Loc, Scale);

    private static DiagonalNormal P => new(OtherLoc, OtherScale);

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.999999)]
    [InlineData(2)]
    public void Renyi_divergence_of_normals_is_the_logarithm_of_an_integral(double order)
    {
        // log of the integral of q^a p^(1 - a), by Simpson's rule, for each component.
        double exact = 0;
        for (int d = 0; d < 2; d++)
        {
            double Density(double x, double m, double s) =>
                Math.Exp(-0.5 * (x - m) * (x - m) / (s * s)) / (s * Math.Sqrt(2 * Math.PI));
            double sum = 0;
            const int Pieces = 20_000;
            for (int i = 0; i <= Pieces; i++)
            {
                double x = -15 + 30.0 * i / Pieces, weight = i is 0 or Pieces ? 1 : i % 2 == 1 ? 4 : 2;
                double p = Density(x, OtherLoc.At(d), OtherScale.At(d));
                if (p > 0) sum += weight * Math.Pow(Density(x, Loc.At(d), Scale.At(d)), order) * Math.Pow(p, 1 - order);
            }

            exact += Math.Log(sum * 30.0 / Pieces / 3) / (order - 1);
        }

        // Near order 1 both the quadrature and the formula lose what they divide by order - 1.
        Close.Require(exact, RenyiDivergence.Between(Q, P, order).Item(), Math.Abs(order - 1) < 0.01 ? 1e-6 : 1e-9);
    }

    [Fact]
    public void Renyi_divergence_tends_to_KL_is_not_decreasing_and_is_zero_between_equals()
    {
        Close.Require(KLDivergence.ClosedForm(Q, P)!.Item(), RenyiDivergence.Between(Q, P, 1 + 1e-6).Item(), 1e-5);
        double before = 0;
        foreach (double order in new[] { 0.2, 0.5, 0.9, 1.5, 3 })
        {
            double value = RenyiDivergence.Between(Q, P, order).Item();
            Assert.True(value >= before);
            before = value;
            Assert.Equal(0, RenyiDivergence.Between(Q, Q, order).Item(), 1e-14);
        }

        // A q wider than p by more than sqrt(a / (a - 1)) is infinitely far.
        Assert.Equal(double.PositiveInfinity, RenyiDivergence.Between(new DiagonalNormal(Loc, Scale * 3), P, 2).Item());
        Assert.Throws<ArgumentOutOfRangeException>(() => RenyiDivergence.Between(Q, P, 1));
        GradientCheck.Require(v => RenyiDivergence.Between(
            new DiagonalNormal(v[0], v[1]), new DiagonalNormal(v[2], v[3]), 0.7), Loc, Scale, OtherLoc, OtherScale);
    }

    [Fact]
    public void Renyi_divergence_from_draws_agrees_with_the_closed_form()
    {
        double[] estimates = [.. Enumerable.Range(0, 50).Select(
            i => RenyiDivergence.MonteCarlo(Q, P, 0.5, new Rng((ulong)i), 20_000).Item())];
        // The bias of a log of a mean of 20,000 draws is below a tenth of the standard error over 50 of them.
        MonteCarlo.RequireMean(RenyiDivergence.Between(Q, P, 0.5).Item(), estimates, "Renyi");
    }

    [Fact]
    public void Jensen_Shannon_is_symmetric_bounded_and_finite_for_disjoint_supports()
    {
        Distribution a = Categorical.FromProbs(Tensor.From([0.2, 0.8, 0], [3])), b = Categorical.FromProbs(
            Tensor.From([0.5, 0.25, 0.25], [3])), c = Categorical.FromProbs(Tensor.From([0.0, 0, 1], [3]));
        double Half(double x, double m) => x == 0 ? 0 : x * Math.Log(x / m);
        double byHand =
            0.5 * (Half(0.2, 0.35) + Half(0.8, 0.525) + Half(0.5, 0.35) + Half(0.25, 0.525) + Half(0.25, 0.125));
        Close.Require(byHand, JensenShannonDivergence.Exact(a, b).Item(), 1e-14);
        Close.Require(byHand, JensenShannonDivergence.Exact(b, a).Item(), 1e-14);
        Close.Require(Math.Log(2), JensenShannonDivergence.Exact(a, c).Item(), 1e-14);
        Assert.Equal(0, JensenShannonDivergence.Exact(a, a).Item(), 1e-16);
        Close.Require(Math.Log(2), JensenShannonDivergence.Exact(Categorical.FromProbs(
            Tensor.From([0.2f, 0.8f, 0f], [3])), Categorical.FromProbs(Tensor.From([0f, 0f, 1f], [3]))).Item(), 1e-6);
        var far = new Uniform(Tensor.Scalar(5, DType.Float64), Tensor.Scalar(6, DType.Float64));
        Close.Require(Math.Log(2), JensenShannonDivergence.MonteCarlo(new Uniform(
            Tensor.Scalar(0, DType.Float64), Tensor.Scalar(1, DType.Float64)), far, new Rng(1), 10).Item(), 1e-14);
        double sampled = JensenShannonDivergence.MonteCarlo(Q, P, new Rng(1), 200_000).Item(),
            swapped = JensenShannonDivergence.MonteCarlo(P, Q, new Rng(2), 200_000).Item();
        Assert.Equal(sampled, swapped, 0.005);
        Assert.InRange(sampled, 0.01, Math.Log(2));
    }

    [Fact]
    public void Discrepancy_is_zero_in_expectation_between_equals_and_positive_between_others()
    {
        // E of the Gaussian kernel between N(0, I) and N(m, I) in 2 dimensions with width w: (w^2 / (w^2 + 2))
        // exp(-|m|^2 / (2 (w^2 + 2))).
        double Expected(double square) => 2 * (1 / 3.0 - 1 / 3.0 * Math.Exp(-square / 6));
        List<double> equal = [], shifted = [];
        for (int i = 0; i < 300; i++)
        {
            Tensor x = new Rng(1).At(i).Normal([40, 2], DType.Float64),
                y = new Rng(2).At(i).Normal([30, 2], DType.Float64);
            equal.Add(MaximumMeanDiscrepancy.Gaussian(x, y, 1).Item());
            shifted.Add(MaximumMeanDiscrepancy.Gaussian(x, y + 1, 1).Item());
        }

        MonteCarlo.RequireMean(0, equal, "equal");
        MonteCarlo.RequireMean(Expected(2), shifted, "shifted");
        GradientCheck.Require(v => MaximumMeanDiscrepancy.Gaussian(v[0], v[1], 0.8),
            GradientCheck.Values([4, 2], -1, 1), GradientCheck.Values([3, 2], -1, 1, seed: 2));
        GradientCheck.Require(v => MaximumMeanDiscrepancy.InverseMultiquadratic(v[0], v[1], 0.8),
            GradientCheck.Values([4, 2], -1, 1), GradientCheck.Values([3, 2], -1, 1, seed: 2));
        Assert.Throws<ArgumentException>(
            () => MaximumMeanDiscrepancy.Gaussian(Tensor.Zeros([1, 2]), Tensor.Zeros([3, 2]), 1));
    }
}
