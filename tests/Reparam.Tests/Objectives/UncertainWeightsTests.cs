using Reparam.Distributions;
using Reparam.Models;
using Reparam.Models.Bayesian;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Objectives;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Objectives;

/// <summary>Full variational Bayes (Kingma and Welling 2013, appendix F) where the answer is known.</summary>
public sealed class UncertainWeightsTests
{
    private const double Noise = 0.5;

    // Columns and constant are orthogonal, so that the posterior of weights and bias has independent components, as q
    // has.
    private static readonly Tensor X = Tensor.From([1.0, 1, 1, -1, -1, 1, -1, -1], [4, 2]).Keep(),
        Y = Tensor.From([1.9, -0.1, 0.4, -2.2], [4, 1]).Keep();

    private static readonly double[] s_y = [1.9, -0.1, 0.4, -2.2];

    /// <summary>The exact posterior of y = w . x + b + noise under a prior N(0, 1) each: mean (x . y) / (4 + s^2),
    /// variance s^2 / (4 + s^2).</summary>
    private static BayesianLinear ExactPosterior()
    {
        var layer = new BayesianLinear(2, 1, new Rng(1), dtype: DType.Float64);
        double shrink = 4 + Noise * Noise, raw = Math.Log(Math.Exp(Noise / Math.Sqrt(shrink)) - 1);
        layer.Parameters[0].Assign(Tensor.From(
            [(s_y[0] + s_y[1] - s_y[2] - s_y[3]) / shrink, (s_y[0] - s_y[1] + s_y[2] - s_y[3]) / shrink], [1, 2]));
        layer.Parameters[1].Assign(Tensor.Full([1, 2], raw, DType.Float64));
        layer.Parameters[2].Assign(Tensor.From([s_y.Sum() / shrink], [1]));
        layer.Parameters[3].Assign(Tensor.Full([1], raw, DType.Float64));
        return layer;
    }

    /// <summary>log N(y; 0, s^2 I + X X^T + 1 1^T): the three directions that the model knows have variance 4 + s^2,
    /// the fourth s^2.</summary>
    private static double LogEvidence()
    {
        double[][] directions = [[1, 1, -1, -1], [1, -1, 1, -1], [1, 1, 1, 1], [1, -1, -1, 1]];
        double total = 0;
        for (int i = 0; i < 4; i++)
        {
            double along = directions[i].Zip(s_y, (d, y) => d * y).Sum() / 2,
                variance = Noise * Noise + (i < 3 ? 4 : 0);
            total -= 0.5 * (along * along / variance + Math.Log(2 * Math.PI * variance));
        }

        return total;
    }

    /// <summary>Rows of the data as a pass without latents.</summary>
    private static InferencePass Pass(BayesianLinear layer, int first, int count, Rng rng)
    {
        Tensor mean = layer.Forward(X.Slice(0, first, count), rng);
        var likelihood = new Independent(new Normal(mean, Tensor.Full(mean.Shape, Noise, DType.Float64)), 1);
        return new InferencePass(likelihood.LogProb(Y.Slice(0, first, count)).Reshape([1, count]), [])
        {
            WeightsKL = layer.KL(),
        };
    }

    /// <summary>A bound for each of many numbers, its tensors in a scope of their own.</summary>
    private static IEnumerable<double> Bounds(Func<int, double> bound) => Enumerable.Range(0, 20_000).Select(i =>
    {
        using var scope = new TensorScope();
        return bound(i);
    });

    /// <summary>Under the exact posterior the bound is the evidence: E_q[log p(D|w)] - KL(q || p) = log p(D), whatever
    /// the minibatches.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(1)]
    public void Bound_of_the_exact_posterior_is_the_log_evidence(int batch)
    {
        BayesianLinear layer = ExactPosterior();
        var objective = new Elbo { DataCount = 4 };
        double[] bounds = new double[20_000];
        for (int i = 0; i < bounds.Length; i++)
        {
            using var scope = new TensorScope();
            for (int first = 0; first < 4; first += batch)
            {
                ObjectiveValue value = objective.Evaluate(Pass(layer, first, batch, new Rng(2).At(i, first)), 0);
                Close.Require(-value.Bound.Item(), value.Loss.Item(), 1e-12);
                bounds[i] += value.Bound.Item() * batch;
            }
        }

        MonteCarlo.RequireMean(LogEvidence(), bounds, "bound");
    }

    /// <summary>Elsewhere it is lower by KL(q || exact posterior), here that of one mean moved by one standard
    /// deviation: 1/2.</summary>
    [Fact]
    public void Bound_of_another_posterior_is_lower_by_the_divergence_from_the_exact_one()
    {
        BayesianLinear layer = ExactPosterior();
        layer.Parameters[2].Assign(layer.Parameters[2].Value + Noise / Math.Sqrt(4 + Noise * Noise));
        var objective = new Elbo { DataCount = 4 };
        MonteCarlo.RequireMean(
            LogEvidence() - 0.5,
            Bounds(i => 4 * objective.Evaluate(Pass(layer, 0, 4, new Rng(3).At(i)), 0).Bound.Item()), "bound");
    }

    /// <summary>A VAE with a linear decoder of uncertain weights: E_q[(x - w z - b)^2] = (x - w z - b at the means)^2 +
    /// Var[w] E[z^2] + mean(w)^2 Var[z] + Var[b].</summary>
    [Fact]
    public void Vae_with_a_linear_decoder_has_the_bound_of_its_formula()
    {
        var decoder = new BayesianMlpDecoder([1], 1, [], Activation.Tanh, Likelihood.Gaussian(Noise),
            Initializer.PyTorch, new Rng(1), dtype: DType.Float64);
        var spread = new Rng(9);
        foreach (Parameter parameter in decoder.Parameters.Where(p => p.Name.Contains("raw", StringComparison.Ordinal)))
            parameter.Assign(spread.Uniform(parameter.Shape, DType.Float64) - 1);
        var vae = new Vae(new MlpEncoder([1], 1, [], Activation.Tanh, Initializer.PyTorch, new Rng(2), DType.Float64),
            decoder, new StandardNormalPrior(1, DType.Float64));
        Tensor x = Tensor.From([0.4, -1.7, 2.5], [3, 1]);
        var q = (DiagonalNormal)vae.Encoder.Given(x);
        BayesianLinear layer = vae.Tree.OfType<BayesianLinear>().Single();
        double w = layer.Weight.Loc.At(0), wVariance = Math.Pow(layer.Weight.Scale.At(0), 2), b = layer.Bias.Loc.At(0),
            bVariance = Math.Pow(layer.Bias.Scale.At(0), 2), exact = -layer.KL().Item() / 50;
        for (int i = 0; i < 3; i++)
        {
            double m = q.Loc.At(i), v = Math.Pow(q.Scale.At(i), 2), residual = x.At(i) - w * m - b;
            double square = residual * residual + wVariance * (m * m + v) + w * w * v + bVariance;
            exact += (-0.5 * square / (Noise * Noise) - Math.Log(Noise) - 0.5 * Math.Log(
                2 * Math.PI) - 0.5 * (m * m + v - 1 - Math.Log(v))) / 3;
        }

        var objective = new Elbo(2) { DataCount = 50 };
        MonteCarlo.RequireMean(
            exact, Bounds(i => objective.Evaluate(vae.Infer(x, new Rng(4).At(i), 2), 0).Bound.Item()), "bound");
        // The latents' own KL is reported beside it, and the weights' reaches their scales.
        using var tape = new GradientTape();
        ObjectiveValue value = objective.Evaluate(vae.Infer(x, new Rng(4), 2), 0);
        Close.Require(
            value.Reconstruction.Item() - value.KL.Item() - layer.KL().Item() / 50, value.Bound.Item(), 1e-12);
        Gradients gradients = tape.Gradients(value.Loss, vae.Parameters);
        for (int i = 0; i < gradients.Count; i++)
            Assert.True(gradients[i].Doubles().All(g => g != 0 && double.IsFinite(g)), vae.Parameters[i].Name);
    }

    [Fact]
    public void Draws_of_a_datum_do_not_depend_on_the_data_beside_it_and_decoding_uses_the_means()
    {
        Vae vae = Vae.Mlp([4], 2, [5], Likelihood.Bernoulli, new Rng(1),
            options: new() { DType = DType.Float64, UncertainWeights = true });
        Tensor x = GradientCheck.Values([5, 4], 0, 1);
        Tensor all = vae.Infer(x, new Rng(1).At(4), 3).LogLikelihood,
            last = vae.Infer(x.Slice(0, 3, 2), new Rng(1).At(4, 3), 3).LogLikelihood;
        Assert.Equal(all.Slice(1, 3, 2).Doubles(), last.Doubles());
        Tensor z = GradientCheck.Values([5, 2], -1, 1);
        Assert.Equal(vae.Decode(z).Doubles(), vae.Decode(z).Doubles());
        Assert.NotEqual(vae.Decode(z).Doubles(), vae.Decoder.Given(z, new Rng(1)).Mean.Doubles());
    }

    [Fact]
    public void What_cannot_pay_for_the_weights_refuses()
    {
        Vae uncertain = Vae.Mlp(
            [4], 2, [5], Likelihood.Bernoulli, new Rng(1), options: new() { UncertainWeights = true }),
            certain = Vae.Mlp([4], 2, [5], Likelihood.Bernoulli, new Rng(1));
        Tensor x = Tensor.Ones([3, 4]);
        Assert.Contains("DataCount", Assert.Throws<InvalidOperationException>(
            () => new Elbo().Evaluate(uncertain.Infer(x, new Rng(1)), 0)).Message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(
            () => new ImportanceWeightedElbo(2).Evaluate(uncertain.Infer(x, new Rng(1), 2), 0));
        Assert.Throws<NotSupportedException>(
            () => new ReweightedWakeSleep(2).Evaluate(uncertain.Infer(x, new Rng(1), 2), 0));
        Assert.Null(certain.Infer(x, new Rng(1)).WeightsKL);
        // Of weights that are points the number of data changes nothing.
        Assert.Equal(new Elbo().Evaluate(certain.Infer(x, new Rng(1)), 0).Loss.Item(),
            new Elbo { DataCount = 7 }.Evaluate(certain.Infer(x, new Rng(1)), 0).Loss.Item());
    }
}
