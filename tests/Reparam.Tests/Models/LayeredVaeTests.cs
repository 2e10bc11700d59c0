using Reparam.Distributions;
using Reparam.Models;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Objectives;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Models;

/// <summary>Layers of latents beside what they are by definition.</summary>
public sealed class LayeredVaeTests
{
    private const DType Wide = DType.Float64;

    private static readonly Tensor X = GradientCheck.Values([6, 4], 0, 1).Keep();

    private static LayeredVae Make(bool ladder) => Make(ladder, out _);

    private static LayeredVae Make(bool ladder, out ConditionalNormal[] generative)
    {
        var rng = new Rng(3);
        Activation tanh = Activation.Tanh;
        Initializer aevb = Initializer.He; // far from the start of training, where nothing would differ
        ConditionalNormal Between(int from, int to, string name) =>
            new(from, to, [5], tanh, aevb, rng.Split(name), Wide);
        var encoder = new MlpEncoder([4], 3, [7], tanh, aevb, rng.Split("encoder"), Wide);
        var decoder = new MlpDecoder([4], 3, [7], tanh, Likelihood.Bernoulli, aevb, rng.Split("decoder"), Wide);
        generative = [Between(2, 3, "p1"), Between(2, 2, "p2")];
        var prior = new StandardNormalPrior(2, Wide);
        return ladder
            ? new LadderVae(encoder, [[5], [4]], decoder, generative, prior, tanh, aevb, rng.Split("up"), Wide)
            : new HierarchicalVae(encoder, [Between(3, 2, "q2"), Between(2, 2, "q3")], decoder, generative, prior);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Importance_weights_are_the_joint_density_over_that_of_the_draws(bool ladder)
    {
        LayeredVae model = Make(ladder);
        InferencePass pass = model.Infer(X, new Rng(5), samples: 3);
        Assert.Equal(["z1", "z2", "z3"], pass.Latents.Select(l => l.Name));
        Assert.Equal([3, 6, 3], pass.Latents[0].Value.Shape);
        Assert.Equal([3, 6, 2], pass.Latents[2].Value.Shape);
        double[] expected = pass.LogLikelihood.Doubles();
        foreach (LatentTerm latent in pass.Latents)
        {
            var (q, p) = ((DiagonalNormal)latent.Posterior, (DiagonalNormal)latent.Prior);
            int size = q.EventShape.Size;
            for (int i = 0; i < expected.Length; i++)
            {
                for (int d = 0; d < size; d++)
                    expected[i] += LogNormal(p, latent.Value, i, d, size) - LogNormal(q, latent.Value, i, d, size);
            }
        }

        Close.Require(expected, pass.LogWeights.Doubles(), 1e-12);

        // A batch of [6] repeats over the draws, one of [3, 6] does not, and a prior alone has no batch.
        static double LogNormal(DiagonalNormal n, Tensor value, int i, int d, int size)
        {
            int at = (i * size + d) % n.Loc.Size;
            double s = n.Scale.At(at), u = (value.At(i * size + d) - n.Loc.At(at)) / s;
            return -0.5 * u * u - Math.Log(s * Math.Sqrt(2 * Math.PI));
        }
    }

    [Fact]
    public void Ladder_joins_evidence_and_generation_by_their_precisions()
    {
        LayeredVae model = Make(ladder: true);
        InferencePass pass = model.Infer(X, new Rng(5), samples: 2);
        var (joined, generated) = ((DiagonalNormal)pass.Latents[0].Posterior, (DiagonalNormal)pass.Latents[0].Prior);
        // q = evidence x generated: precisions add, so what they add up from is the same for every draw of the layer
        // above.
        for (int b = 0; b < 6; b++)
        {
            for (int d = 0; d < 3; d++)
            {
                double[] precision = new double[2], weighted = new double[2];
                for (int k = 0; k < 2; k++)
                {
                    int at = (k * 6 + b) * 3 + d;
                    double own = 1 / Math.Pow(joined.Scale.At(at), 2), above = 1 / Math.Pow(generated.Scale.At(at), 2);
                    (precision[k], weighted[k]) = (own - above, own * joined.Loc.At(at) - above * generated.Loc.At(at));
                }

                Assert.True(precision[0] > 0);
                Close.Require(precision[0], precision[1], 1e-9, "precision of the evidence");
                Close.Require(weighted[0], weighted[1], 1e-9, "its mean times its precision");
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Bound_with_closed_forms_is_the_sampled_one_in_expectation(bool ladder)
    {
        LayeredVae model = Make(ladder);
        const int samples = 20_000;
        InferencePass pass = model.Infer(X, new Rng(5), samples);
        double closed = new Elbo(samples).Evaluate(pass, 0).Bound.Item();
        double[] weights = pass.LogWeights.Mean(^1).Doubles();
        double mean = weights.Average(), error = Math.Sqrt(weights.Sum(w => (w - mean) * (w - mean))) / samples;
        // The closed-form terms move with the draws too, by less than the whole: five standard errors of that.
        Assert.InRange(closed, mean - 5 * error, mean + 5 * error);
        // The hierarchical model's lower layers have no closed form, whatever their two distributions say.
        Assert.Equal(ladder ? 3 : 1, pass.Latents.Count(l => l.ClosedFormKL() is not null));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gradient_is_that_of_the_bound_at_fixed_noise(bool ladder)
    {
        LayeredVae model = Make(ladder);
        foreach (Objective objective in (Objective[])[new Elbo(2), new ImportanceWeightedElbo(2)])
        {
            double Loss() => objective.Evaluate(model.Infer(X, new Rng(5), 2), 0).Loss.Item();
            Gradients gradients;
            using (var tape = new GradientTape())
            {
                gradients = tape.Gradients(objective.Evaluate(model.Infer(X, new Rng(5), 2), 0).Loss, model.Parameters);
                for (int i = 0; i < model.Parameters.Count; i++)
                {
                    Parameter parameter = model.Parameters[i];
                    double[] value = parameter.Value.Doubles();
                    int j = value.Length / 2;
                    double Moved(double by)
                    {
                        double[] other = [.. value];
                        other[j] += by;
                        parameter.Assign(Tensor.From(other, parameter.Shape));
                        return Loss();
                    }

                    double numeric = (Moved(1e-5) - Moved(-1e-5)) / 2e-5;
                    parameter.Assign(Tensor.From(value, parameter.Shape));
                    Close.Require(numeric, gradients[i].At(j), 1e-6, $"{objective.Name}: {parameter.Name}");
                }
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Batches_do_not_change_a_datums_numbers(bool ladder)
    {
        LayeredVae model = Make(ladder);
        double[] whole = model.Infer(X, new Rng(5).At(1, 0), 2).LogWeights.Doubles();
        double[] rest = model.Infer(X.Slice(0, 4, 2), new Rng(5).At(1, 4), 2).LogWeights.Doubles();
        Assert.Equal([whole[4], whole[5], whole[10], whole[11]], rest);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Code_is_all_layers_and_is_decoded_from_the_first(bool ladder)
    {
        LayeredVae model = Make(ladder);
        Tensor code = model.Encode(X);
        Assert.Equal([6, 7], code.Shape);
        Assert.Equal(7, model.Units);
        Assert.Equal(model.Decode(code).Doubles(), model.Decode(code.Slice(1, 0, 3)).Doubles());
        Assert.Equal([5, 7], model.SamplePrior(5, new Rng(1)).Shape);
        Assert.NotEqual(code.Doubles(), model.Encode(X, new Rng(1)).Doubles());
        var statistics = new PosteriorStatistics();
        statistics.Add(model.Infer(X, new Rng(5), 2));
        Assert.Equal(["z1", "z2", "z3"], statistics.ActiveByLatent.Select(l => l.Name));
        Assert.Equal([3, 2, 2], statistics.ActiveByLatent.Select(l => l.Dimensions));
        Assert.Equal(ladder ? 7 : 0, statistics.KLPerDimension.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Active_units_are_counted_without_the_noise_of_other_layers(bool ladder)
    {
        LayeredVae model = Make(ladder);
        var statistics = new PosteriorStatistics();
        statistics.Add(model.Infer(X, new Rng(5)));
        double[] codes = model.Encode(X).Doubles();
        double[] expected = [.. Enumerable.Range(0, 7).Select(j => Enumerable.Range(0, 6).Select(
            i => codes[i * 7 + j]).ToArray()).Select(c => c.Average(v => (v - c.Average()) * (v - c.Average())))];
        Close.Require(expected, [.. statistics.MeanVariance], 1e-12);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Draws_of_the_prior_have_the_moments_that_the_generative_chain_gives_them(bool ladder)
    {
        LayeredVae model = Make(ladder, out ConditionalNormal[] generative);
        const int count = 200_000;
        Tensor draws = model.SamplePrior(count, new Rng(9));
        Tensor[] layers = [draws.Slice(1, 0, 3), draws.Slice(1, 3, 2), draws.Slice(1, 5, 2)];
        double[] top = layers[2].Doubles();
        Close.Require(0, top.Average(), 5 / Math.Sqrt(2 * count), "mean of the top layer");
        Close.Require(
            1, top.Average(t => t * t), 5 * Math.Sqrt(2) / Math.Sqrt(2 * count), "second moment of the top layer");
        // E[z] = E[mu], E[(z - c)^2] = E[(mu - c)^2 + sigma^2] for any c and E[z a] = E[mu a], mu and sigma those of
        // p(z|a) and a the layer above, here drawn by other noise.
        Tensor above = new Rng(31).Normal([count, 2], DType.Float64);
        for (int l = 1; l >= 0; l--)
        {
            DiagonalNormal given = generative[l].Given(above);
            int size = given.EventShape.Size;
            double[] mu = given.Loc.Doubles(), sigma = given.Scale.Doubles(), a = above.Doubles(),
                drawn = layers[l].Doubles(), drawnAbove = layers[l + 1].Doubles();
            for (int d = 0; d < size; d++)
            {
                double[] z = [.. MonteCarlo.Column(drawn, size, d)], m = [.. MonteCarlo.Column(mu, size, d)],
                    s = [.. MonteCarlo.Column(sigma, size, d)];
                double c = m.Average();
                RequireSameMean(m, z, $"E z{l + 1}[{d}]");
                RequireSameMean(m.Zip(s, (v, w) => (v - c) * (v - c) + w * w), z.Select(v => (v - c) * (v - c)),
                    $"Var z{l + 1}[{d}]");
                for (int e = 0; e < 2; e++)
                {
                    RequireSameMean(m.Zip(MonteCarlo.Column(a, 2, e), (v, w) => v * w),
                        z.Zip(MonteCarlo.Column(drawnAbove, 2, e), (v, w) => v * w), $"E z{l + 1}[{d}] z{l + 2}[{e}]");
                }
            }

            above = given.Loc + given.Scale * new Rng(32).At(l).Normal(given.Loc.Shape, DType.Float64);
        }

        // Both sides are means over draws.
        static void RequireSameMean(IEnumerable<double> expected, IEnumerable<double> actual, string what)
        {
            ((double mean, double error), (double other, double otherError)) =
                (MonteCarlo.MeanOf(expected), MonteCarlo.MeanOf(actual));
            double tolerance = MonteCarlo.StandardErrors * Math.Sqrt(error * error + otherError * otherError);
            Assert.True(Math.Abs(mean - other) <= tolerance, FormattableString.Invariant(
                $"{what}: {mean} by the chain, {other} of the draws, tolerance {tolerance}"));
        }
    }

    [Fact]
    public void What_has_no_formula_for_dependent_layers_says_so()
    {
        LayeredVae model = Make(ladder: false);
        InferencePass pass = model.Infer(X, new Rng(5), 2);
        Assert.Contains("depends on the draws of another", Assert.Throws<NotSupportedException>(
            () => new ReweightedWakeSleep(2).Evaluate(pass, 0)).Message, StringComparison.Ordinal);
        var doubly = new ImportanceWeightedElbo(2) { Gradient = PathGradient.DoublyReparameterized };
        Assert.Throws<NotSupportedException>(() => doubly.Evaluate(pass, 0));
        Assert.Contains("one layer of latents", Assert.Throws<NotSupportedException>(
            () => new VaeGan(new Discriminator(4, new Rng(1), dtype: Wide)).Evaluate(pass, 0)).Message,
            StringComparison.Ordinal);
        Assert.Contains("not conditioned on a context", Assert.Throws<ArgumentException>(
            () => model.Infer(X, new Rng(1), context: X)).Message, StringComparison.Ordinal);
        Assert.Contains("two layers", Assert.Throws<ArgumentException>(
            () => new HierarchicalVae(new MlpEncoder([4], 3, [], Activation.Tanh, Initializer.PyTorch, new Rng(1)),
            [], new MlpDecoder([4], 3, [], Activation.Tanh, Likelihood.Bernoulli, Initializer.PyTorch, new Rng(1)), [],
            new StandardNormalPrior(2))).Message, StringComparison.Ordinal);
    }
}
