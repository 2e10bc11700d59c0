using Reparam.Models;
using Reparam.Objectives;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Objectives;

public sealed class ElboTests
{
    private static readonly (Tensor Loc, Tensor LogVariance) Q = LinearGaussian.Posterior(shift: 0.4, width: 1.6);

    [Fact]
    public void Both_estimators_agree_in_expectation_with_the_exact_bound()
    {
        // log p(x|z) is quadratic in z: E_q[log p(x|z)] = -0.5 ((x - w m)^2 + w^2 v) / s^2 - log s - 0.5 log 2 pi.
        double exact = 0;
        for (int i = 0; i < LinearGaussian.X.Length; i++)
        {
            double m = Q.Loc.At(i), v = Math.Exp(Q.LogVariance.At(i)),
                residual = LinearGaussian.X[i] - LinearGaussian.W * m;
            double reconstruction = -0.5 * (residual * residual + LinearGaussian.W * LinearGaussian.W * v)
                / (LinearGaussian.S * LinearGaussian.S)
                - Math.Log(LinearGaussian.S) - 0.5 * Math.Log(2 * Math.PI);
            exact += (reconstruction - 0.5 * (m * m + v - 1 - Q.LogVariance.At(i))) / LinearGaussian.X.Length;
        }

        foreach (ElboEstimator estimator in Enum.GetValues<ElboEstimator>())
        {
            var objective = new Elbo { Estimator = estimator };
            IEnumerable<double> draws = Enumerable.Range(0, 4000).Select(i => Bound(objective, new Rng(1).At(i)));
            MonteCarlo.RequireMean(exact, draws, estimator.ToString());
        }
    }

    [Fact]
    public void Many_draws_in_one_pass_have_the_same_expectation_and_less_noise()
    {
        double[] single = [.. Enumerable.Range(0, 2000).Select(i => Bound(new Elbo(), new Rng(2).At(i)))];
        double[] many = [.. Enumerable.Range(0, 200).Select(i => Bound(new Elbo(50), new Rng(3).At(i)))];
        (double mean, double error) = MonteCarlo.MeanOf(single);
        (double other, double otherError) = MonteCarlo.MeanOf(many);
        Assert.True(Math.Abs(mean - other) < 6 * Math.Sqrt(error * error + otherError * otherError));
        // The standard deviation of one bound shrinks by sqrt(50) = 7.
        Assert.InRange(error * Math.Sqrt(2000) / (otherError * Math.Sqrt(200)), 5.5, 8.5);
    }

    [Fact]
    public void Pathwise_gradient_of_the_log_variance_is_half_the_deviation_times_noise_times_upstream()
    {
        // The reconstruction alone (beta = 0), so that only the path through z = loc + exp(logvar / 2) e is seen.
        var objective = new Elbo { Beta = 0 };
        using var tape = new GradientTape();
        InferencePass pass = LinearGaussian.Infer(Q.Loc, Q.LogVariance, new Rng(9), 1);
        Gradients gradients = tape.Gradients(objective.Evaluate(pass, 0).Loss, [Q.Loc, Q.LogVariance]);
        for (int i = 0; i < LinearGaussian.X.Length; i++)
        {
            double deviation = Math.Exp(0.5 * Q.LogVariance.At(i)), z = pass.Latents[0].Value.At(i),
                noise = (z - Q.Loc.At(i)) / deviation;
            double upstream = -LinearGaussian.W * (LinearGaussian.X[i] - LinearGaussian.W * z)
                / (LinearGaussian.S * LinearGaussian.S) / LinearGaussian.X.Length;
            Close.Require(upstream, gradients[0].At(i), 1e-12, "gradient by loc");
            Close.Require(0.5 * deviation * noise * upstream, gradients[1].At(i), 1e-12, "gradient by log-variance");
        }
    }

    [Fact]
    public void Gradient_of_either_estimator_equals_the_central_difference_with_the_same_noise()
    {
        foreach (ElboEstimator estimator in new[] { ElboEstimator.ClosedFormKL, ElboEstimator.Sampled })
        {
            GradientCheck.Require(q => new Elbo(3) { Estimator = estimator, Beta = 0.7 }.Evaluate(
                LinearGaussian.Infer(q[0], q[1], new Rng(4), 3), 0).Loss, Q.Loc, Q.LogVariance);
        }
    }

    [Fact]
    public void Loss_weighs_the_KL_and_the_reported_parts_do_not()
    {
        InferencePass pass = LinearGaussian.Infer(Q.Loc, Q.LogVariance, new Rng(5), 1);
        double kl = Enumerable.Range(0, 3).Average(
            i => 0.5 * (Q.Loc.At(i) * Q.Loc.At(i) + Math.Exp(Q.LogVariance.At(i)) - 1 - Q.LogVariance.At(i)));
        ObjectiveValue value = new Elbo { Beta = 4 }.Evaluate(pass, 0);
        Close.Require(kl, value.KL.Item(), 1e-13, "reported KL");
        Close.Require(value.Reconstruction.Item() - kl, value.Bound.Item(), 1e-13, "bound");
        Close.Require(4 * kl - value.Reconstruction.Item(), value.Loss.Item(), 1e-13, "loss");
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(3, 0.3)]
    [InlineData(10, 1)]
    [InlineData(15, 1)]
    public void Warm_up_follows_the_global_step(long step, double beta)
    {
        var objective = new Elbo { Beta = Schedule.Linear(from: 0, to: 1, steps: 10) };
        ObjectiveValue value = objective.Evaluate(LinearGaussian.Infer(Q.Loc, Q.LogVariance, new Rng(5), 1), step);
        Close.Require(beta * value.KL.Item() - value.Reconstruction.Item(), value.Loss.Item(), 1e-13);
        Assert.Equal(beta >= 1, objective.IsLowerBound(step));
    }

    [Fact]
    public void Noise_is_the_same_function_of_the_stream_whatever_is_evaluated() =>
        Assert.Equal(Bound(new Elbo { Beta = 3 }, new Rng(8)), Bound(new Elbo(), new Rng(8)));

    private static double Bound(Elbo objective, Rng rng)
    {
        using var scope = new TensorScope();
        return objective.Evaluate(LinearGaussian.Infer(Q.Loc, Q.LogVariance, rng, objective.Samples), 0).Bound.Item();
    }
}
