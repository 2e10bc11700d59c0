using Reparam.Models;
using Reparam.Objectives;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Objectives;

public sealed class ImportanceWeightedElboTests
{
    private static readonly (Tensor Loc, Tensor LogVariance) Q = LinearGaussian.Posterior(shift: 0.5, width: 1.5);

    [Fact]
    public void One_sample_is_the_sampled_elbo_value_and_gradient()
    {
        using var tape = new GradientTape();
        InferencePass pass = LinearGaussian.Infer(Q.Loc, Q.LogVariance, new Rng(1), 1);
        ObjectiveValue weighted = new ImportanceWeightedElbo(1).Evaluate(pass, 0),
            plain = new Elbo { Estimator = ElboEstimator.Sampled }.Evaluate(pass, 0);
        Close.Require(plain.Loss.Item(), weighted.Loss.Item(), 1e-14, "loss");
        Gradients byWeighted = tape.Gradients(weighted.Loss, [Q.Loc, Q.LogVariance]),
            byPlain = tape.Gradients(plain.Loss, [Q.Loc, Q.LogVariance]);
        for (int i = 0; i < 2; i++) Close.Require(byPlain[i].Doubles(), byWeighted[i].Doubles(), 1e-14, "gradient");
    }

    [Fact]
    public void Bound_does_not_fall_as_samples_grow_and_stays_below_log_p()
    {
        double exact = LinearGaussian.X.Average(LinearGaussian.LogMarginal);
        (double Mean, double Error) before = (double.NegativeInfinity, 0);
        foreach (int samples in new[] { 1, 2, 5, 50, 500 })
        {
            (double mean, double error) = MonteCarlo.MeanOf(
                Enumerable.Range(0, 1000).Select(i => Bound(samples, new Rng(2).At(i))));
            Assert.True(mean >= before.Mean - 6 * Math.Sqrt(error * error + before.Error * before.Error),
                $"K = {samples}: {mean} after {before.Mean}");
            Assert.True(mean <= exact + 6 * error, $"K = {samples}: {mean} above {exact}");
            before = (mean, error);
        }

        // The gap is var(w) / (2 K E[w]^2) to first order: under a hundredth at K = 500.
        Assert.Equal(exact, before.Mean, 0.01);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Exact_posterior_as_proposal_gives_log_p_without_variance(int samples)
    {
        (Tensor loc, Tensor logVariance) = LinearGaussian.Posterior();
        for (int seed = 0; seed < 20; seed++)
        {
            using var scope = new TensorScope();
            Tensor logWeights = LinearGaussian.Infer(loc, logVariance, new Rng((ulong)seed), samples).LogWeights;
            for (int i = 0; i < logWeights.Size; i++)
                Close.Require(LinearGaussian.LogMarginal(LinearGaussian.X[i % 3]), logWeights.At(i), 1e-12);
        }
    }

    [Fact]
    public void Gradient_by_the_log_weights_is_their_softmax_so_the_best_sample_counts_most()
    {
        using var tape = new GradientTape();
        Tensor logLikelihood = GradientCheck.Values([4, 3], -5, 0);
        InferencePass drawn = LinearGaussian.Infer(Q.Loc, Q.LogVariance, new Rng(3), 4);
        var pass = new InferencePass(logLikelihood, drawn.Latents);
        Gradients gradients = tape.Gradients(new ImportanceWeightedElbo(4).Evaluate(pass, 0).Bound, [logLikelihood]);
        for (int datum = 0; datum < 3; datum++)
        {
            double[] logWeights = [.. Enumerable.Range(0, 4).Select(k => pass.LogWeights.At(k * 3 + datum))];
            double total = logWeights.Sum(Math.Exp);
            double[] actual = [.. Enumerable.Range(0, 4).Select(k => 3 * gradients[0].At(k * 3 + datum))];
            Close.Require([.. logWeights.Select(w => Math.Exp(w) / total)], actual, 1e-13, "normalised weight");
            Assert.Equal(Array.IndexOf(logWeights, logWeights.Max()), Array.IndexOf(actual, actual.Max()));
        }
    }

    [Fact]
    public void Gradient_by_the_parameters_is_the_weighted_mean_of_the_samples_gradients()
    {
        Gradients whole;
        double[] byHand = new double[3];
        using var tape = new GradientTape();
        InferencePass pass = LinearGaussian.Infer(Q.Loc, Q.LogVariance, new Rng(3), 4);
        whole = tape.Gradients(new ImportanceWeightedElbo(4).Evaluate(pass, 0).Bound, [Q.Loc]);
        Tensor weights = pass.LogWeights.SoftMax(0);
        for (int k = 0; k < 4; k++)
        {
            Gradients own = tape.Gradients(pass.LogWeights.Slice(0, k, 1).Sum(), [Q.Loc]);
            for (int i = 0; i < 3; i++) byHand[i] += weights.At(k * 3 + i) * own[0].At(i) / 3;
        }

        Close.Require(byHand, whole[0].Doubles(), 1e-13);
    }

    [Fact]
    public void Gradient_equals_the_central_difference_with_the_same_noise() => GradientCheck.Require(
        q => new ImportanceWeightedElbo(5).Evaluate(LinearGaussian.Infer(q[0], q[1], new Rng(4), 5), 0).Loss, Q.Loc,
        Q.LogVariance);

    [Fact]
    public void Log_weights_a_thousand_nats_apart_stay_finite()
    {
        Tensor logLikelihood = Tensor.From([-2000.0, -1000, -3000], [3, 1]);
        var pass = new InferencePass(logLikelihood, []);
        Assert.Equal(-1000 - Math.Log(3), new ImportanceWeightedElbo(3).Evaluate(pass, 0).Bound.Item(), 1e-12);
    }

    private static double Bound(int samples, Rng rng)
    {
        using var scope = new TensorScope();
        return new ImportanceWeightedElbo(samples).Evaluate(
            LinearGaussian.Infer(Q.Loc, Q.LogVariance, rng, samples), 0).Bound.Item();
    }
}
