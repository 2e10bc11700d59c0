using Reparam.Distributions;
using Reparam.Distributions.Divergences;
using Reparam.Models;
using Reparam.Models.Flows;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Models;

/// <summary>Learned priors and posteriors beyond independent normals, beside what they are by definition.</summary>
public sealed class PriorTests
{
    private static readonly Tensor X = GradientCheck.Values([5, 4], 0, 1);

    [Fact]
    public void Laplace_prior_has_variance_1_and_a_KL_in_closed_form()
    {
        Distribution prior = new LaplacePrior(2, DType.Float64).Distribution;
        // log(1 / (2 b)) - |z| / b with b = sqrt(1/2), twice.
        double b = Math.Sqrt(0.5), expected = -2 * Math.Log(2 * b) - (0.3 + 1.2) / b;
        Close.Require(expected, prior.LogProb(Tensor.From([0.3, -1.2], [2])).Item(), 1e-14);
        Close.Require([1.0, 1.0], prior.Variance.Doubles(), 1e-14);
        var term = LatentTerm.Draw("z", new DiagonalNormal(
            Tensor.From([0.4, -1.0], [1, 2]), Tensor.From([0.5, 0.8], [1, 2])), prior, new Rng(1), 200_000);
        double kl = term.ClosedFormKL()!.Item();
        MonteCarlo.RequireMean(
            kl, (term.LogPosterior - term.Prior.LogProb(term.Value)).Doubles(), "KL(normal || Laplace)");
        Assert.Equal(2, term.ComponentwiseKL()!.Size);
    }

    [Fact]
    public void Vamp_prior_is_the_mean_of_the_encoders_posteriors_of_its_pseudo_inputs()
    {
        Vae vae = Vae.Mlp([4], 2, [3], Likelihood.Bernoulli, new Rng(1), options: new() {
            DType = DType.Float64, Prior = e => new VampPrior(e, [4], 3, bounded: true, new Rng(2), DType.Float64) });
        var prior = (VampPrior)vae.Prior;
        Assert.Equal([3, 4], prior.PseudoInputs.Shape);
        Assert.All(prior.PseudoInputs.Doubles(), u => Assert.InRange(u, 0, 1));
        var posteriors = (DiagonalNormal)vae.Encoder.Given(prior.PseudoInputs);
        Tensor z = GradientCheck.Values([7, 2], -2, 2);
        double[] log = prior.Distribution.LogProb(z).Doubles();
        for (int i = 0; i < 7; i++)
        {
            double sum = 0;
            for (int k = 0; k < 3; k++)
            {
                double p = 1;
                for (int d = 0; d < 2; d++)
                {
                    double s = posteriors.Scale.At(k * 2 + d), u = (z.At(i * 2 + d) - posteriors.Loc.At(k * 2 + d)) / s;
                    p *= Math.Exp(-0.5 * u * u) / (s * Math.Sqrt(2 * Math.PI));
                }

                sum += p / 3;
            }

            Close.Require(Math.Log(sum), log[i], 1e-12);
        }

        // Its parameters are the pseudo-inputs alone: the encoder's are counted once.
        Assert.Equal(["prior.pseudo_inputs"], prior.Parameters.Select(p => p.Name));
        Assert.Throws<ArgumentException>(() => Vae.Mlp([4], 2, [3], Likelihood.Bernoulli, new Rng(1), options: new() {
            Posterior = PosteriorFamily.FullCovariance, Prior = e => new VampPrior(e, [4], 3, true, new Rng(2)) }));
    }

    [Fact]
    public void Mixture_prior_is_a_normal_with_one_component_and_learns_two_clusters_with_two()
    {
        var one = new MixturePrior(2, 1, new Rng(1), DType.Float64);
        Tensor z = GradientCheck.Values([6, 2], -2, 2);
        var normal = new DiagonalNormal(one.Parameters[1].Value.Reshape([2]), Tensor.Ones([2], DType.Float64));
        Close.Require(normal.LogProb(z).Doubles(), one.Distribution.LogProb(z).Doubles(), 1e-12);

        // Draws around -2 and 2: maximum likelihood has half the weight on each, variance 0.25.
        var rng = new Rng(3);
        Tensor side = Tensor.Less(rng.Uniform([4000, 1], DType.Float64), 0.5) * 4 - 2,
            draws = side + rng.Split("noise").Normal([4000, 1], DType.Float64) * 0.5;
        var two = new MixturePrior(1, 2, new Rng(4), DType.Float64);
        var optimizer = new Reparam.Training.Optimizers.Adam(0.05);
        Reparam.Training.Optimizers.OptimizerState state = optimizer.Start(two.Parameters);
        for (int step = 0; step < 300; step++)
        {
            using var tape = new GradientTape();
            optimizer.Step(state, tape.Gradients(-two.Distribution.LogProb(draws).Mean(), two.Parameters));
        }

        Mixture learned = two.Distribution;
        Assert.Equal([-2, 2], ((DiagonalNormal)learned.Components).Loc.Doubles().Order().Select(v => Math.Round(v, 1)));
        Assert.All(((DiagonalNormal)learned.Components).Scale.Doubles(), s => Assert.Equal(0.5, s, 0.03));
        Assert.All(learned.Weights.Probs.Doubles(), w => Assert.Equal(0.5, w, 0.03));
    }

    [Fact]
    public void Flow_prior_scores_what_it_draws()
    {
        var prior = new FlowPrior(Flow.Coupling(3, 4, [8], new Rng(1), dtype: DType.Float64), DType.Float64);
        (Tensor z, Tensor log) = prior.Distribution.RSampleWithLogProb(new Rng(2), [9]);
        Close.Require(log.Doubles(), prior.Distribution.LogProb(z).Doubles(), 1e-10);
        Assert.Throws<ArgumentException>(() => new FlowPrior(Flow.Coupling(3, 2, [8], new Rng(1), context: 5)));
    }

    [Fact]
    public void Full_covariance_has_the_determinant_of_its_diagonal_and_the_closed_form_divergence()
    {
        Tensor raw = GradientCheck.Values([4, 3 + 9], -1, 1);
        var q = (MultivariateNormal)PosteriorFamily.FullCovariance.Given(raw, 3);
        double[] numbers = raw.Doubles(), entropy = q.Entropy().Doubles();
        for (int i = 0; i < 4; i++)
        {
            double logDeterminant = numbers[i * 12 + 3] + numbers[i * 12 + 7] + numbers[i * 12 + 11];
            Close.Require(0.5 * (logDeterminant + 3 * (1 + Math.Log(2 * Math.PI))), entropy[i], 1e-12);
        }

        Distribution prior = PosteriorFamily.FullCovariance.Prior(3, DType.Float64).Distribution;
        double[] exact = KLDivergence.ClosedForm(q, prior)!.Doubles(),
            sampled = KLDivergence.MonteCarlo(q, prior, new Rng(1), 200_000).Doubles();
        // The standard error of 200,000 draws is about 0.004 nats.
        for (int i = 0; i < 4; i++) Assert.Equal(exact[i], sampled[i], 0.03);
    }

    [Fact]
    public void Datum_without_features_gets_a_direction_on_the_sphere_all_the_same()
    {
        Tensor raw = Tensor.From([0f, 0, 0, 1, 2, 0, 0, 1], [2, 4]);
        foreach (PosteriorFamily family in new[] { PosteriorFamily.VonMisesFisher, PosteriorFamily.PowerSpherical })
            Assert.Equal([1, 0, 0, 1, 0, 0], family.Given(raw, 3).Mode.Doubles());
    }

    [Fact]
    public void Low_rank_and_mixture_heads_are_read_in_the_order_they_say()
    {
        Tensor raw = GradientCheck.Values([2, 3 * 4], -1, 1);
        var low = (LowRankMultivariateNormal)PosteriorFamily.LowRank(2).Given(raw, 3);
        double[] r = raw.Doubles();
        for (int j = 0; j < 3; j++)
        {
            Close.Require(r[3 + 2 * j] * r[3 + 2 * j] + r[4 + 2 * j] * r[4 + 2 * j] + Math.Exp(r[9 + j]),
                low.Variance.At(j), 1e-12);
        }

        Tensor numbers = GradientCheck.Values([2, 2 * (1 + 6)], -1, 1);
        var mixture = (ReparameterizedMixture)PosteriorFamily.Mixture(2).Given(numbers, 3);
        double[] n = numbers.Doubles();
        double weight = Math.Exp(n[0]) / (Math.Exp(n[0]) + Math.Exp(n[1]));
        for (int j = 0; j < 3; j++)
            Close.Require(weight * n[2 + j] + (1 - weight) * n[8 + j], mixture.Mean.At(j), 1e-12);
        Assert.True(Vae.Mlp([4], 3, [5], Likelihood.Bernoulli, new Rng(1), options: new() { DType = DType.Float64,
            Posterior = PosteriorFamily.Mixture(2) }).Infer(X, new Rng(1), 2).LogWeights.IsFinite());
    }
}
