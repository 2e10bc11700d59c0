using Reparam.Distributions;
using Reparam.Models;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Models;

/// <summary>The likelihoods of ordered levels, of positive numbers, and of counts given their mean.</summary>
public sealed class ElementLikelihoodTests
{
    private static Parameter[] Learned(Likelihood likelihood, int elements, params double[] values) =>
        [.. likelihood.LearnedElements.Select((e, i) => new Parameter(
            e.Name, Tensor.Full([elements], values[i], DType.Float64))),
            .. likelihood.TrackedScalars.Select(s => new Parameter(s.Name, Tensor.Scalar(s.Initial, DType.Float64)))];

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Levels_have_the_probabilities_between_their_thresholds(int levels)
    {
        var ordinal = new OrdinalLikelihood(levels);
        double[] raw = [-0.7, 0.4, 1.2], thresholds = new double[levels - 1];
        for (int k = 1; k < levels - 1; k++) thresholds[k] = thresholds[k - 1] + Math.Log(1 + Math.Exp(raw[k]));
        for (int k = 0; k < levels - 1; k++) thresholds[k] += raw[0];
        const double location = 0.9;
        Distribution given = ordinal.Given(Tensor.From([location], [1, 1]), [1], Learned(ordinal, 1, raw));
        double sum = 0;
        for (int x = 0; x < levels; x++)
        {
            double p = (x == levels - 1 ? 1 : Sigmoid(thresholds[x] - location))
                - (x == 0 ? 0 : Sigmoid(thresholds[x - 1] - location));
            double found = given.LogProb(Tensor.From([(double)x], [1, 1])).Item();
            Close.Require(Math.Log(p), found, 1e-12, $"level {x}");
            sum += Math.Exp(found);
        }

        Close.Require(1, sum, 1e-12);
        // Far from its thresholds a level keeps a finite logarithm: log sigmoid(-800) = -800 to all digits.
        Distribution far = ordinal.Given(Tensor.From([800.0], [1, 1]), [1], Learned(ordinal, 1, raw));
        Close.Require(raw[0] - 800, far.LogProb(Tensor.From([0.0], [1, 1])).Item(), 1e-12);
        GradientCheck.Require(
            inputs => ordinal.Elements(inputs[0], [1], [.. Enumerable.Range(0, levels - 1).Select(
                k => inputs[1].IndexSelect(0, [k]))]).LogProb(Tensor.From([1.0], [1, 1])).Sum(),
            Tensor.From([location], [1, 1]), Tensor.From(raw.AsSpan(0, levels - 1), [levels - 1]));
    }

    [Fact]
    public void Levels_reach_the_encoder_as_steps_and_a_missing_level_as_zeros()
    {
        Tensor steps = new ElementInput(new OrdinalLikelihood(4), [2]).Forward(
            Tensor.From([2.0, double.NaN], [1, 2]));
        Assert.Equal([1.0, 1, 0, 0, 0, 0], Enumerable.Range(0, 6).Select(steps.At));
    }

    [Fact]
    public void Positive_numbers_have_the_log_normal_density()
    {
        var likelihood = new LogNormalLikelihood();
        // The raw scale r gives log s = softplus(r + 6) - 6.
        double raw = Math.Log(Math.Exp(Math.Log(0.8) + 6) - 1) - 6;
        Distribution given = likelihood.Given(Tensor.From([0.3], [1, 1]), [1], Learned(likelihood, 1, raw));
        // scipy.stats.lognorm.logpdf(2.5, s=0.8, scale=exp(0.3))
        Close.Require(-1.9088156092286659, given.LogProb(Tensor.From([2.5], [1, 1])).Item(), 1e-10);
        Close.Require(Math.Exp(0.3 + 0.32), given.Mean.Item(), 1e-10);
    }

    [Fact]
    public void Positive_numbers_start_at_the_moments_of_the_data()
    {
        var likelihood = new LogNormalLikelihood();
        Parameter[] learned = Learned(likelihood, 2, 0);
        double[] bias = new double[2];
        likelihood.Start([3, 50], [1.5, 20], bias, learned);
        Distribution given = likelihood.Given(Tensor.From(bias, [1, 2]), [2], learned);
        Close.Require(3, given.Mean.At(0), 1e-9);
        Close.Require(50, given.Mean.At(1), 1e-9);
        Close.Require(1.5 * 1.5, given.Variance.At(0), 1e-9);
        Close.Require(20 * 20, given.Variance.At(1), 1e-9);
    }

    [Fact]
    public void Counts_with_an_offset_are_scored_given_their_mean()
    {
        CountLikelihood poisson = CountLikelihood.Poisson.WithOffset;
        // The counts 3, 0, 6 have the mean 3, so that the means are 3 e^raw.
        double[] raw = [0.2, -1, 0.5], x = [3, 0, 6];
        Distribution given = poisson.Given(Tensor.From(raw, [1, 3]), [3], Learned(poisson, 3));
        double expected = 0;
        for (int j = 0; j < 3; j++)
        {
            double mean = 3 * Math.Exp(raw[j]), factorial = 0;
            for (int k = 2; k <= x[j]; k++) factorial += Math.Log(k);
            expected += x[j] * Math.Log(mean) - mean - factorial;
        }

        Close.Require(expected, given.LogProb(Tensor.From(x, [1, 3])).Item(), 1e-12);
        // A datum of zeros is certain, given that its mean is 0.
        Close.Require(0, given.LogProb(Tensor.From([0.0, 0, 0], [1, 3])).Item(), 1e-5);
        // Two draws of the latents for each of two data.
        Distribution many = poisson.Given(Tensor.Full([2, 2, 3], 0.1, DType.Float64), [3], Learned(poisson, 3));
        Tensor both = many.LogProb(Tensor.From([3.0, 0, 6, 1, 1, 1], [2, 3]));
        Assert.Equal([2, 2], both.Shape);
        Close.Require(both.At(0), both.At(2), 1e-12);
    }

    [Fact]
    public void Counts_with_an_offset_start_at_the_mean_of_the_data()
    {
        CountLikelihood zinb = CountLikelihood.ZeroInflated.WithOffset;
        Parameter[] learned = Learned(zinb, 2, 0.0);
        double[] bias = new double[4];
        zinb.Start([1, 7], [1, 3], bias, learned);
        Distribution given = zinb.Given(Tensor.From(bias, [1, 4]), [2], learned);
        double kept = 1 - Sigmoid(-2);
        Close.Require(1 * kept, given.Mean.At(0), 1e-9);
        Close.Require(7 * kept, given.Mean.At(1), 1e-9);
        Assert.Equal([5, 1, 2], given.Sample(new Rng(1), [5]).Shape);
    }
}
