using Reparam.Distributions;
using Reparam.Models;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Models;

/// <summary>Each likelihood's nats per datum against the formula written out in double.</summary>
public sealed class LikelihoodTests
{
    private static readonly double[] Raw = [0.3, -1.2, 2, 0.1, -0.7, 1.1, -2, 0.4], X = [0, 1, 20 / 255.0, 200 / 255.0];

    [Fact]
    public void Bernoulli_is_the_negative_cross_entropy_of_the_logits() =>
        RequireSum(Likelihood.Bernoulli, Raw[..4], (x, l, _) => x * l - Math.Log(1 + Math.Exp(l)));

    [Fact]
    public void Gaussian_of_fixed_scale_is_its_density() =>
        RequireSum(Likelihood.Gaussian(0.5), Raw[..4], (x, m, _) => LogNormal(x, m, 2 * Math.Log(0.5)));

    [Theory]
    [InlineData(0.7)]
    [InlineData(-3)]
    [InlineData(-11)]
    [InlineData(-40)]
    public void Gaussian_of_learned_scale_has_its_log_variance_softly_above_the_floor(double logVariance)
    {
        double floored = -12 + Math.Log(1 + Math.Exp(logVariance + 12));
        RequireSum(Likelihood.GaussianLearned, Raw[..4], (x, m, _) => LogNormal(x, m, floored),
            new Parameter("log_variance", Tensor.Scalar(logVariance, DType.Float64)));
    }

    [Fact]
    public void Gaussian_of_learned_scale_starts_from_the_scale_it_is_given()
    {
        (string name, double initial) = new GaussianLikelihood(
            GaussianScale.Shared, 0.3, sigmoidMean: false).LearnedScalars.Single();
        Assert.Equal("log_variance", name);
        Assert.Equal(2 * Math.Log(0.3), initial, 1e-14);
    }

    [Fact]
    public void Gaussian_sigmoid_takes_mean_and_log_variance_of_each_element_from_the_two_halves() => RequireSum(
        Likelihood.GaussianSigmoid, Raw,
        (x, m, v) => LogNormal(x, 1 / (1 + Math.Exp(-m)), -12 + Math.Log(1 + Math.Exp(v + 12))));

    [Fact]
    public void Discretized_logistic_is_the_mass_of_the_grey_level() => RequireSum(
        Likelihood.DiscretizedLogistic,
        Raw,
        (x, m, v) =>
        {
            double loc = 1 / (1 + Math.Exp(-m)), scale = Math.Exp(-8 + Math.Log(1 + Math.Exp(v + 8)));
            double upper = x == 1 ? 1 : 1 / (1 + Math.Exp(-(x + 0.5 / 255 - loc) / scale)), lower = x == 0 ? 0
                : 1 / (1 + Math.Exp(-(x - 0.5 / 255 - loc) / scale));
            return Math.Log(upper - lower);
        });

    [Fact]
    public void Gaussian_of_optimal_scale_has_the_one_that_the_batch_likes_best_and_remembers_it()
    {
        Parameter variance = new("variance", Tensor.Scalar(0, DType.Float64)),
            batches = new("variance_batches", Tensor.Scalar(0, DType.Float64));
        Tensor raw = Tensor.From(Raw, [2, 4]), x = Tensor.From([.. X, .. X], [2, 4]);
        double Score(bool training) =>
            Likelihood.GaussianOptimal.Given(raw, [4], [variance, batches], training).LogProb(x).Sum().Item();
        double best = Raw.Zip(X.Concat(X), (m, v) => (v - m) * (v - m)).Average() + Math.Exp(-12);
        double expected = Raw.Zip(X.Concat(X), (m, v) => LogNormal(v, m, Math.Log(best))).Sum();
        Close.Require(
            Raw.Zip(X.Concat(X), (m, v) => LogNormal(v, m, 0)).Sum(), Score(training: false), 1e-12, "before training");
        Close.Require(expected, Score(training: true), 1e-12);
        Close.Require(best, variance.Value.Item(), 1e-12, "the first batch is what there is to remember");
        Close.Require(expected, Score(training: false), 1e-12);
        foreach (double other in new[] { 0.8, 1.2 })
            Assert.True(Raw.Zip(X.Concat(X), (m, v) => LogNormal(v, m, Math.Log(best * other))).Sum() < expected);
        variance.Assign(Tensor.Scalar(1, DType.Float64));
        Score(training: true);
        Close.Require((1 + best) / 2, variance.Value.Item(), 1e-12, "the mean of the first batches");
        for (int i = 0; i < 30; i++) Score(training: true);
        variance.Assign(Tensor.Scalar(1, DType.Float64));
        Score(training: true);
        Close.Require(1 + 0.05 * (best - 1), variance.Value.Item(), 1e-12, "and of some twenty later");
        GradientCheck.Require(
            inputs => new GaussianLikelihood(GaussianScale.Optimal, 1, false).Given(
                inputs[0], [4], [new Parameter("variance", Tensor.Scalar(0, DType.Float64)), new Parameter(
                "variance_batches", Tensor.Scalar(0, DType.Float64))], training: true).LogProb(x).Sum(), raw);
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Predicted_scale_far_below_its_floor_leaves_density_and_gradient_finite(DType dtype)
    {
        foreach (Likelihood likelihood in new[] { Likelihood.GaussianSigmoid, Likelihood.DiscretizedLogistic })
        {
            using var tape = new GradientTape();
            Tensor raw = Tensor.From([0.3, -1e4], [1, 2]).To(dtype);
            Tensor logProb = likelihood.Given(raw, [1], []).LogProb(Tensor.Full([1, 1], 1, dtype));
            Assert.True(logProb.IsFinite() && tape.Gradients(logProb.Sum(), [raw])[0].IsFinite(), likelihood.Name);
        }
    }

    [Fact]
    public void Shapes_are_samples_by_batch_over_the_event()
    {
        foreach (Likelihood likelihood in Likelihood.All)
        {
            Parameter[] learned = [.. likelihood.LearnedScalars.Concat(likelihood.TrackedScalars).Select(
                s => new Parameter(s.Name, Tensor.Scalar(s.Initial)))
                .Concat(likelihood.LearnedElements.Select(s =>
                    new Parameter(s.Name, Tensor.Full([2, 2], s.Initial))))];
            Distribution given = likelihood.Given(
                Tensor.Zeros([5, 3, likelihood.OutputsPerElement * 4]), [2, 2], learned);
            Assert.Equal([5, 3], given.BatchShape);
            Assert.Equal([2, 2], given.EventShape);
            Assert.Equal([5, 3], given.LogProb(Tensor.Zeros([3, 2, 2])).Shape);
            Assert.Equal([5, 3, 2, 2], given.Mean.Shape);
        }
    }

    [Fact]
    public void Names_are_distinct_and_only_masses_are_called_discrete()
    {
        Assert.Equal(
            ["bernoulli", "gaussian", "gaussian-learned", "gaussian-columns", "gaussian-optimal", "gaussian-sigmoid",
                "logistic256"],
            Likelihood.All.Select(l => l.Name));
        Assert.Equal([true, false, false, false, false, false, true], Likelihood.All.Select(l => l.IsDiscrete));
        Assert.Equal("gaussian:0.25", Likelihood.Gaussian(0.25).Name);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void Scale_is_positive(double scale) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Likelihood.Gaussian(scale));

    private static double LogNormal(double x, double mean, double logVariance) =>
        -0.5 * ((x - mean) * (x - mean) / Math.Exp(logVariance) + logVariance + Math.Log(2 * Math.PI));

    private static void RequireSum(
        Likelihood likelihood, double[] raw, Func<double, double, double, double> element, params Parameter[] learned)
    {
        double sum = 0;
        for (int i = 0; i < X.Length; i++) sum += element(X[i], raw[i], raw.Length > 4 ? raw[i + 4] : 0);
        Tensor logProb = likelihood.Given(Tensor.From(raw, [1, raw.Length]), [2, 2], learned).LogProb(
            Tensor.From(X, [1, 2, 2]));
        Close.Require(sum, logProb.Item(), 1e-11, likelihood.Name);
    }
}
