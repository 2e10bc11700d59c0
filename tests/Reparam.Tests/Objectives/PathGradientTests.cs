using Reparam.Models;
using Reparam.Objectives;
using Reparam.Objectives.Estimators;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Objectives;

/// <summary>Gradients of bounds that leave out or reparameterize the score of q, on a model whose posterior is
/// known.</summary>
public sealed class PathGradientTests
{
    private static readonly (Tensor Loc, Tensor LogVariance) Q = LinearGaussian.Posterior(shift: 0.3, width: 1.3);

    // The truth of two tests: the total gradient's mean over many draws.
    private static readonly Lazy<Tensor[]> s_mean = new(() => Mean(PathGradient.Total, 400_000));

    public static TheoryData<PathGradient> All => [.. Enum.GetValues<PathGradient>()];

    [Theory]
    [MemberData(nameof(All))]
    public void Value_and_gradient_by_the_data_side_are_the_same_for_all(PathGradient gradient)
    {
        using var tape = new GradientTape();
        Tensor offset = Tensor.From([0.1, 0.2, -0.3], [3]);
        Gradients Of(PathGradient g, out double value)
        {
            InferencePass drawn = LinearGaussian.Infer(Q.Loc, Q.LogVariance, new Rng(3), 4);
            var pass = new InferencePass(drawn.LogLikelihood * offset.Exp(), drawn.Latents);
            ObjectiveValue result = new ImportanceWeightedElbo(4) { Gradient = g }.Evaluate(pass, 0);
            value = result.Loss.Item();
            return tape.Gradients(result.Loss, [offset]);
        }

        double[] expected = Of(PathGradient.Total, out double total)[0].Doubles(),
            actual = Of(gradient, out double own)[0].Doubles();
        Close.Require(total, own, 1e-14);
        Close.Require(expected, actual, 1e-13);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Exact_posterior_has_no_gradient_and_no_noise_left(int samples)
    {
        (Tensor loc, Tensor logVariance) = LinearGaussian.Posterior();
        foreach (PathGradient gradient in new[] { PathGradient.StickingTheLanding, PathGradient.DoublyReparameterized })
        {
            using var tape = new GradientTape();
            InferencePass pass = LinearGaussian.Infer(loc, logVariance, new Rng(1), samples);
            Gradients gradients = tape.Gradients(
                new ImportanceWeightedElbo(samples) { Gradient = gradient }.Evaluate(pass, 0).Loss, [loc, logVariance]);
            Assert.All(gradients[0].Doubles().Concat(gradients[1].Doubles()), g => Assert.Equal(0, g, 1e-12));
        }

        using var outer = new GradientTape();
        InferencePass single = LinearGaussian.Infer(loc, logVariance, new Rng(2), samples);
        Gradients landing = outer.Gradients(new Elbo(samples) { Estimator = ElboEstimator.StickingTheLanding }.Evaluate(
            single, 0).Loss, [loc, logVariance]);
        Assert.All(landing[0].Doubles().Concat(landing[1].Doubles()), g => Assert.Equal(0, g, 1e-12));
    }

    [Theory]
    [InlineData(ElboEstimator.ClosedFormKL)]
    [InlineData(ElboEstimator.Sampled)]
    [InlineData(ElboEstimator.StickingTheLanding)]
    public void Bound_has_its_exact_gradient_in_the_mean_by_every_estimator_away_from_the_posterior(
        ElboEstimator estimator)
    {
        // All that moves is KL(N(m, s^2) || N(mu, v)) with v = S^2 / (W^2 + S^2): (m - mu) / v by m and (s^2 / v - 1) /
        // 2 by log s^2, a third for each of three data.
        const double W2 = LinearGaussian.W * LinearGaussian.W, S2 = LinearGaussian.S * LinearGaussian.S;
        Tensor[] exact = [Tensor.Full([3, 1], 0.3 * (W2 + S2) / S2 / 3, DType.Float64),
            Tensor.Full([3, 1], (1.3 * 1.3 - 1) / 2 / 3, DType.Float64)];
        GradientStudy study = GradientStudy.Measure(
            rng => new Elbo { Estimator = estimator }.Evaluate(LinearGaussian.Infer(Q.Loc, Q.LogVariance, rng, 1),
                0).Loss, [Q.Loc, Q.LogVariance], exact, new Rng(17), 10_000);
        // Of six components and one projection, at 4.5 standard errors; the error along the gradient is known to a
        // hundredth of its length.
        Assert.True(study.LargestDeviation < 4.5, study.ToString());
        Assert.True(
            study.BiasStandardError < 0.015 && Math.Abs(study.Bias) < 4.5 * study.BiasStandardError, study.ToString());
    }

    [Fact]
    public void Doubly_reparameterized_gradients_are_unbiased_and_less_noisy()
    {
        // The truth's own error is small against that of the study.
        Tensor[] parameters = [Q.Loc, Q.LogVariance], exact = s_mean.Value;
        GradientStudy total = Study(PathGradient.Total, parameters, exact),
            doubly = Study(PathGradient.DoublyReparameterized, parameters, exact);
        Assert.True(total.LargestDeviation < 4.5 && doubly.LargestDeviation < 4.5, $"{total} {doubly}");
        Assert.True(doubly.Variance < 0.5 * total.Variance, $"{doubly.Variance} against {total.Variance}");
    }

    [Fact]
    public void Sticking_the_landing_is_biased_for_many_samples()
    {
        GradientStudy study = Study(PathGradient.StickingTheLanding, [Q.Loc, Q.LogVariance], s_mean.Value);
        Assert.True(study.LargestDeviation > 6, study.ToString());
    }

    [Fact]
    public void Draws_made_elsewhere_cannot_be_weighed_and_the_error_says_what_to_do()
    {
        InferencePass drawn = LinearGaussian.Infer(Q.Loc, Q.LogVariance, new Rng(1), 3);
        LatentTerm foreign = new("z", drawn.Latents[0].Posterior, drawn.Latents[0].Prior, drawn.Latents[0].Value);
        var objective = new ImportanceWeightedElbo(3) { Gradient = PathGradient.DoublyReparameterized };
        Assert.Contains("LatentTerm.Draw", Assert.Throws<InvalidOperationException>(
            () => objective.Evaluate(new InferencePass(drawn.LogLikelihood, [foreign]), 0)).Message,
            StringComparison.Ordinal);
    }

    private static GradientStudy Study(PathGradient gradient, Tensor[] parameters, Tensor[] exact) =>
        GradientStudy.Measure(
        rng => new ImportanceWeightedElbo(5) { Gradient = gradient }.Evaluate(
            LinearGaussian.Infer(Q.Loc, Q.LogVariance, rng, 5), 0).Loss, parameters, exact, new Rng(11), 10_000);

    /// <summary>The mean gradient over many independent bounds of 5 samples: as many data, each a copy, in one pass at
    /// a time.</summary>
    private static Tensor[] Mean(PathGradient gradient, int draws)
    {
        const int Copies = 2000;
        double[] loc = new double[3], logVariance = new double[3];
        for (int part = 0; part < draws / Copies; part++)
        {
            using var tape = new GradientTape();
            Tensor manyLoc = Q.Loc.Reshape([1, 3, 1]).BroadcastTo([Copies, 3, 1]).Reshape([Copies * 3, 1]),
                many = Q.LogVariance.Reshape([1, 3, 1]).BroadcastTo([Copies, 3, 1]).Reshape([Copies * 3, 1]);
            InferencePass pass = LinearGaussian.Infer(manyLoc, many, new Rng(13).At(part), 5, Copies);
            Gradients gradients = tape.Gradients(
                new ImportanceWeightedElbo(5) { Gradient = gradient }.Evaluate(pass, 0).Loss, [Q.Loc, Q.LogVariance]);
            for (int i = 0; i < 3; i++)
            {
                loc[i] += gradients[0].At(i) / (draws / Copies);
                logVariance[i] += gradients[1].At(i) / (draws / Copies);
            }
        }

        return [Tensor.From(loc, [3, 1]), Tensor.From(logVariance, [3, 1])];
    }
}
