using Reparam.Distributions;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Distributions;

/// <summary>
/// Gradients and draws at extreme parameters, exact zeros and what is refused: beside the values of
/// <see cref="GridTests"/>.
/// </summary>
public sealed class ExtremeTests
{
    /// <summary>
    /// log p_2 = log p_2 - log sum p: the derivative by an outcome of probability 0 is -1 / sum, not 0 times infinity.
    /// </summary>
    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Probabilities_of_exactly_0_have_the_exact_gradient(DType dtype)
    {
        Tensor probs = Tensor.From([0.25, 0, 0.75], [3]).To(dtype), outcome = Tensor.Scalar(2, dtype),
            oneHot = Tensor.From([0.0, 0, 1], [3]).To(dtype);
        double[] expected = [-1, -1, 1 / 3.0];
        Close.Require(expected, GradientOf(p => Categorical.FromProbs(p).LogProb(outcome), probs), 1e-6, "categorical");
        Close.Require(expected, GradientOf(p =>
            OneHotCategorical.FromProbs(p).LogProb(oneHot), probs), 1e-6, "one-hot");
        Assert.Equal(double.NegativeInfinity, Categorical.FromProbs(probs).LogProb(Tensor.Scalar(1, dtype)).Item());
        // A coin: log(1 - p) has slope -1 at p = 0, log p has slope 1 at p = 1; n throws n times as much. They come
        // back through the log-odds
        // of the number next to the end, whose rounding of 1e-7 of 87 is that of the slope.
        Tensor zero = Tensor.Zeros([1], dtype), one = Tensor.Ones([1], dtype);
        Close.Require([-1], GradientOf(p =>
            Bernoulli.FromProbs(p).LogProb(Tensor.Zeros([1], dtype)), zero), 1e-5, "coin at 0");
        Close.Require([1], GradientOf(p =>
            Bernoulli.FromProbs(p).LogProb(Tensor.Ones([1], dtype)), one), 1e-5, "coin at 1");
        Close.Require(
            [-7], GradientOf(p => Binomial.FromProbs(Tensor.Full([1], 7, dtype), p).LogProb(Tensor.Zeros([1], dtype)),
                zero), 1e-4, "throws at 0");
    }

    /// <summary>
    /// d/dsigma E[tanh(e^(sigma e))] at sigma = 25: with z = e^(sigma e), phi(0) / sigma^2 times the integral of
    /// sech^2(z) log z,
    /// log(pi / 4) - gamma (Gradshteyn and Ryzhik 4.371.3), to the order 1 / sigma^2. Most draws overflow Float32, or
    /// are 0.
    /// </summary>
    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Gradients_of_draws_that_overflow_are_those_of_the_others(DType dtype)
    {
        Tensor scale = Tensor.Full([20_000], 25, dtype);
        double[] gradients = GradientOf(s =>
            new LogNormal(Tensor.Zeros([20_000], dtype), s).RSample(new Rng(3)).Tanh(), scale);
        double exact = 0.3989422804014327 / 625 * (Math.Log(Math.PI / 4) - 0.5772156649015329);
        Assert.Null(MonteCarlo.Disagreement(exact, gradients, "d/dsigma", 1e-6));
    }

    /// <summary>
    /// Every family whose draws may leave the numbers of its type: finite draws, finite gradients by every parameter.
    /// </summary>
    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Draws_that_overflow_have_finite_gradients(DType dtype)
    {
        Tensor F(double x) => Tensor.Full([4000], dtype == DType.Float32 ? x : Math.Pow(x, 8), dtype);
        Tensor Small(double x) => Tensor.Full([4000], dtype == DType.Float32 ? x : Math.Pow(x, 8), dtype);
        Tensor One = Tensor.Ones([4000], dtype);
        (string Name, Func<Tensor[], ReparameterizedDistribution> Make, Tensor[] Parameters)[] cases =
        [
            ("LogNormal", p => new LogNormal(p[0], p[1]),
                [One * 0, Tensor.Full([4000], dtype == DType.Float32 ? 60 : 500, dtype)]),
            ("Pareto", p => new Pareto(p[0], p[1]), [One, Small(0.05)]),
            ("InverseGamma", p => new InverseGamma(p[0], p[1]), [Small(0.05), One]),
            ("FisherSnedecor", p => new FisherSnedecor(p[0], p[1]), [One, Small(0.05)]),
            ("StudentT", p => new StudentT(p[0], p[1], p[2]), [Small(0.05), One, One]),
            ("Weibull", p => new Weibull(p[0], p[1]), [One, Small(0.05)]),
            ("Cauchy", p => new Cauchy(p[0], p[1]), [One, F(1e35)]),
            ("HalfCauchy", p => new HalfCauchy(p[0]), [F(1e35)]),
            ("Gamma", p => new Gamma(p[0], p[1]), [One * 30, F(1e-37)]),
            ("Exponential", p => new Exponential(p[0]), [F(1e-37)]),
        ];
        foreach (var (name, make, parameters) in cases)
        {
            using var tape = new GradientTape();
            Tensor draws = make(parameters).RSample(new Rng(4));
            Assert.True(draws.IsFinite(), $"{name}: a draw is not finite");
            // tanh is flat there: its derivative is 0, and a draw that overflowed must not make a NaN of it.
            Gradients gradients = tape.Gradients(draws.Tanh().Sum(), parameters);
            for (int i = 0; i < parameters.Length; i++)
                Assert.True(gradients[i].IsFinite(), $"{name}: gradient by parameter {i}");
        }
    }

    [Theory]
    [InlineData(3, 0.01)]
    [InlineData(8, 0.001)]
    public void Correlation_factors_of_tiny_concentration_have_a_density_at_their_own_draws(
        int dimension, double concentration)
    {
        foreach (DType dtype in new[] { DType.Float32, DType.Float64 })
        {
            var d = new LKJCholesky(dimension, Tensor.Scalar(concentration, dtype));
            Assert.True(d.LogProb(d.Sample(new Rng(5), [2000])).IsFinite());
        }
    }

    [Fact]
    public void The_density_of_a_censored_end_has_a_finite_gradient_however_far_the_end()
    {
        foreach (DType dtype in new[] { DType.Float32, DType.Float64 })
        {
            Tensor end = Tensor.Scalar(10, dtype);
            // d/dloc log(1 - Phi(10 - loc)) is the inverse Mills ratio at 10, phi(10) / (1 - Phi(10)) (mpmath:
            // 10.09809323056).
            double[] gradient = GradientOf(loc =>
                new Censored(new Normal(loc, Tensor.Ones([], dtype)), -end, end).LogProb(end), Tensor.Scalar(0, dtype));
            Close.Require([10.09809323056], gradient, 1e-6, "d/dloc");
        }
    }

    /// <summary>
    /// Covariances W W^T + diag(d) of which d is tiny: the exact values are mpmath's, of the Float32 inputs.
    /// </summary>
    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void A_low_rank_normal_keeps_its_digits_where_the_factor_explains_nearly_all(DType dtype)
    {
        Tensor factor = Tensor.From([1.0, 2, 3], [3, 1]).To(dtype),
            diagonal = Tensor.Full([3], 1e-6, DType.Float32).To(dtype);
        var d = new LowRankMultivariateNormal(Tensor.Zeros([3], dtype), factor, diagonal);
        // At W z the distance is z^2 less a part in 10^7; log det = log(d^3 (1 + 14 / d)).
        double e = (float)1e-6, logDet = 3 * Math.Log(e) + Math.Log(1 + 14 / e), distance = 14 / (14 + e);
        double exact = -0.5 * (distance + logDet) - 1.5 * Math.Log(2 * Math.PI);
        Close.Require([exact], [d.LogProb(Tensor.From([1.0, 2, 3], [3]).To(dtype)).Item()], 1e-6, "log p");
    }

    [Fact]
    public void A_covariance_that_is_not_symmetric_is_refused()
    {
        Tensor loc = Tensor.Zeros([2], DType.Float64);
        var refusal = Assert.Throws<ArgumentException>(() =>
            MultivariateNormal.FromCovariance(loc, Tensor.From([2.0, 0.1, 0.7, 2], [2, 2])));
        Assert.Contains(
            "must be symmetric, got 0.7 at [1, 0] and 0.1 at [0, 1]", refusal.Message, StringComparison.Ordinal);
        var wishart = new Wishart(Tensor.Scalar(3, DType.Float64), Tensor.Eye(2, DType.Float64));
        Assert.Throws<ArgumentException>(() => wishart.LogProb(Tensor.From([2.0, 0.1, 0.7, 2], [2, 2])));
        // Rounding is forgiven.
        MultivariateNormal.FromCovariance(loc, Tensor.From([2.0, 0.7, 0.7 + 1e-16, 2], [2, 2]));
    }

    /// <summary>
    /// Families that have one of CDF and quantile have the other, and they are inverse to one another.
    /// </summary>
    [Fact]
    public void Quantiles_invert_the_tails_of_compound_families()
    {
        Tensor S(double x) => Tensor.Scalar(x, DType.Float64);
        Distribution[] counts =
        [
            new Binomial(S(40), S(-1)), new NegativeBinomial(S(2.5), S(1)), new Poisson(S(7)), new Geometric(S(-2)),
            new ZeroInflated(new Poisson(S(7)), S(-1)), new Hurdle(new Poisson(S(7)), S(-1)),
            Categorical.FromProbs(Tensor.From([0.1, 0.2, 0, 0.7], [4])),
            new Mixture(new Categorical(Tensor.From([0.3, 1.0], [2])), new Poisson(Tensor.From([2.0, 60], [2]))),
            new Bernoulli(S(0.4)),
        ];
        foreach (Distribution d in counts)
        {
            foreach (double p in new[] { 1e-6, 0.03, 0.3, 0.5, 0.9, 0.999 })
            {
                double k = d.InverseCdf(S(p)).Item();
                Assert.True(d.Cdf(S(k)).Item() >= p - 1e-15, $"{d.GetType().Name}: F({k}) < {p}");
                Assert.True(
                    k == 0 || d.Cdf(S(k - 1)).Item() < p + 1e-15, $"{d.GetType().Name}: F({k - 1}) reaches {p}");
            }

            Assert.True(double.IsNaN(d.InverseCdf(S(1.5)).Item()), $"{d.GetType().Name}: a quantile of no probability");
        }

        Distribution[] continuous =
        [
            new VonMises(S(2), S(5)), new VonMises(S(-3), S(0.3)), new VonMises(S(0), S(40)),
            new Mixture(new Categorical(Tensor.From([0.3, 1.0], [2])),
                new Normal(Tensor.From([-1.0, 40], [2]), Tensor.From([1.0, 0.1], [2]))),
            new ReparameterizedMixture(new Categorical(Tensor.From([0.3, 1.0], [2])),
                new Gamma(Tensor.From([1.0, 40], [2]), Tensor.From([1.0, 2], [2]))),
            new Censored(new Normal(S(0), S(1)), S(-5), S(5)),
        ];
        foreach (Distribution d in continuous)
        {
            foreach (double p in new[] { 1e-3, 0.03, 0.3, 0.5, 0.9, 0.999 })
                Close.Require(p, d.Cdf(d.InverseCdf(S(p))).Item(), 1e-12, $"{d.GetType().Name} at {p}");
        }
    }

    /// <summary>
    /// Of one degree of freedom it is a Cauchy's tail, 1 / (pi |u|). At the location the CDF rises by the density,
    /// Gamma(3) / (sqrt(5 pi) Gamma(5/2)) for five degrees, and the quantile by its reciprocal.
    /// </summary>
    [Fact]
    public void A_student_t_has_tails_to_infinity_and_slopes_at_its_location()
    {
        Tensor S(double x) => Tensor.Scalar(x, DType.Float64);
        var one = new StudentT(S(1), S(0), S(1));
        Close.Require(
            [-Math.Log(Math.PI) - 200 * Math.Log(10)], one.LogCdf(S(-1e200)).Doubles(), 1e-12, "log F(-1e200)");
        Assert.Equal(double.NegativeInfinity, one.LogCdf(S(double.NegativeInfinity)).Item());
        Assert.Equal(0, new StudentT(S(0.01), S(0), S(1)).Cdf(S(double.NegativeInfinity)).Item());
        double density = 0.37960668982249457;
        var five = new StudentT(S(5), S(0), S(1));
        Close.Require([density], GradientOf(five.Cdf, S(0)), 1e-12, "slope of the CDF");
        Close.Require([1 / density], GradientOf(five.InverseCdf, S(0.5)), 1e-12, "slope of the quantile");
        Assert.Equal(0, five.InverseCdf(S(0.5)).Item(), 1e-140);
    }

    /// <summary>Branches that are not taken, whose own derivative is infinite.</summary>
    [Fact]
    public void Tails_that_are_certain_have_a_gradient_of_0()
    {
        Tensor S(double x) => Tensor.Scalar(x, DType.Float64);
        Close.Require([0], GradientOf(x => new Weibull(S(1), S(100)).LogCdf(x), S(1300)), 0, "Weibull");
        Close.Require([0], GradientOf(x => new Gumbel(S(0), S(1)).LogSurvivalFunction(x), S(-800)), 0, "Gumbel");
        // F(1) = g + (1 - g) P(1 | > 0), and P(1 | > 0) = rate / (e^rate - 1), whose derivative by the rate is -1/2 at
        // 0.
        Close.Require([-0.25], GradientOf(r => new Hurdle(new Poisson(r), S(0)).Cdf(S(1)), S(1e-20)), 1e-9, "Hurdle");
        // Without extra zeros it is the counts' own: e^-3 (1 + 3 + 4.5).
        var plain = new ZeroInflated(new Poisson(S(3)), S(double.NegativeInfinity));
        Close.Require([Math.Exp(-3) * 8.5], plain.Cdf(S(2)).Doubles(), 1e-14, "no extra zeros");
        Close.Require([-3], plain.LogProb(S(0)).Doubles(), 1e-14, "no extra zeros at 0");
    }

    private static double[] GradientOf(Func<Tensor, Tensor> function, Tensor at)
    {
        using var tape = new GradientTape();
        return tape.Gradients(function(at).Sum(), [at])[0].Doubles();
    }
}
