using System.Globalization;
using Reparam.Evaluation;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Evaluation;

/// <summary>What must hold of a trained linear VAE, where every quantity is known in closed form.</summary>
public sealed class LinearVaeTests(LinearVae linear, ITestOutputHelper output) : IClassFixture<LinearVae>
{
    [Fact]
    public void Trained_elbo_reaches_the_maximum_likelihood_of_probabilistic_PCA()
    {
        double best = linear.BestLogLikelihood(), exact = linear.ExactLogLikelihood(), elbo = linear.ExactElbo();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"pPCA maximum {best:F6}, model's log p(x) " +
            $"{exact:F6}, its ELBO {elbo:F6} nats per datum; gap {(best - elbo) / LinearVae.D:E2} nats per dimension"));
        Assert.InRange(elbo, best - 1e-3 * LinearVae.D, exact + 1e-9);
        Assert.InRange(exact, elbo, best + 1e-9);
    }

    [Fact]
    public void Evaluated_bound_agrees_with_the_exact_one()
    {
        // Standard error over repeated draws, not over data: the data are the same in both numbers.
        double[] runs = [.. Enumerable.Range(0, 10).Select(
            i => EvidenceLowerBound.Evaluate(linear.Model, linear.Data, new Rng((ulong)i), samples: 10).Elbo.Mean)];
        (double mean, double error) = MonteCarlo.MeanOf(runs);
        output.WriteLine(
            FormattableString.Invariant($"exact ELBO {linear.ExactElbo():F6}, evaluated {mean:F6} +/- {error:F6}"));
        Assert.True(Math.Abs(mean - linear.ExactElbo()) < 3 * error);
    }

    [Fact]
    public void Importance_weighted_estimate_agrees_with_the_exact_log_likelihood()
    {
        double[] runs = [.. Enumerable.Range(0, 8).Select(
            i => ImportanceWeightedBound.Evaluate(linear.Model, linear.Data, 100, new Rng((ulong)i)).Mean)];
        (double mean, double error) = MonteCarlo.MeanOf(runs);
        output.WriteLine(FormattableString.Invariant(
            $"exact log p(x) {linear.ExactLogLikelihood():F6}, estimated {mean:F6} +/- {error:F6}"));
        Assert.True(Math.Abs(mean - linear.ExactLogLikelihood()) < 3 * error);
    }

    [Fact]
    public void All_three_dimensions_are_active() =>
        Assert.Equal(LinearVae.Z, EvidenceLowerBound.Evaluate(linear.Model, linear.Data, new Rng(1)).ActiveUnits);
}
