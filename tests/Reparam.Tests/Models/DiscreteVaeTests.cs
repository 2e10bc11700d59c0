using Reparam.Data;
using Reparam.Distributions;
using Reparam.Distributions.Divergences;
using Reparam.Evaluation;
using Reparam.Models;
using Reparam.Networks;
using Reparam.Objectives;
using Reparam.Objectives.Estimators;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Training;
using Reparam.Training.Optimizers;

namespace Reparam.Tests.Models;

/// <summary>VAEs with coins and one-hot variables as latents, small enough for every bound and gradient to be known by
/// listing the latents' values.</summary>
public sealed class DiscreteVaeTests
{
    private static readonly Tensor X = Tensor.From([1.0, 0, 0, 1, 1, 0, 1, 1], [2, 4]).Keep();

    public static TheoryData<string> Families => ["bernoulli", "categorical"];

    private static Vae Make(string family, DType dtype = DType.Float64) => family == "bernoulli"
        ? Vae.Mlp([4], 3, [], Likelihood.Bernoulli, new Rng(5),
            options: new() { DType = dtype, Posterior = PosteriorFamily.Bernoulli, DecoderHidden = [4] })
        : Vae.Mlp(
            [4], 2, [3], Likelihood.Bernoulli, new Rng(5),
            options: new() { DType = dtype, Posterior = PosteriorFamily.Categorical(3) });

    [Theory]
    [MemberData(nameof(Families))]
    public void Bound_of_many_draws_is_that_of_all_values(string family)
    {
        Vae vae = Make(family);
        double exact = Exact(vae, 1).Item();
        MonteCarlo.RequireMean(exact, Enumerable.Range(0, 300).Select(
            r => new Elbo(20).Evaluate(vae.Infer(X, new Rng(1).At(r), 20), 0).Bound.Item()), family);
    }

    [Theory]
    [InlineData("bernoulli", 1, ElboEstimator.ClosedFormKL)]
    [InlineData("bernoulli", 3, ElboEstimator.Sampled)]
    [InlineData("categorical", 1, ElboEstimator.Sampled)]
    [InlineData("categorical", 3, ElboEstimator.ClosedFormKL)]
    public void Score_function_has_the_exact_gradient_of_every_parameter(
        string family, int samples, ElboEstimator estimator)
    {
        Vae vae = Make(family);
        var objective = new Elbo(samples) { Estimator = estimator };
        Assert.True(Study(vae, objective, 1).LargestDeviation < 4.8, $"{Study(vae, objective, 1)}");
    }

    [Theory]
    [InlineData("bernoulli", 2)]
    [InlineData("categorical", 2)]
    [InlineData("bernoulli", 3)]
    public void Vimco_has_the_exact_gradient_of_the_importance_weighted_bound(string family, int samples)
    {
        Vae vae = Make(family);
        GradientStudy study = Study(vae, new ImportanceWeightedElbo(samples), samples);
        Assert.True(study.LargestDeviation < 4.8, $"{study}");
    }

    [Theory]
    [InlineData("groups")]
    [InlineData("share")]
    [InlineData("order")]
    public void Vimco_has_the_exact_gradient_of_the_bounds_relatives(string kind)
    {
        Vae vae = Make("bernoulli");
        ImportanceWeightedElbo objective = kind switch
        {
            "groups" => new(4) { Groups = 2 },
            "share" => new(2) { ElboShare = 0.4 },
            _ => new(2) { Order = 0.5 },
        };
        Func<Tensor, Tensor>? bound = kind switch
        {
            // The mean of two bounds of two draws has the expectation of one.
            "groups" => null,
            "share" => w => w.Log().Mean(0) * 0.4 + w.Mean(0).Log() * 0.6,
            _ => w => w.Sqrt().Mean(0).Log() * 2,
        };
        GradientStudy study = Study(vae, objective, 2, bound: bound);
        Assert.True(study.LargestDeviation < 4.8, $"{kind}: {study}");
    }

    [Fact]
    public void Reweighted_wake_sleep_has_the_gradient_of_the_weighted_log_density()
    {
        Vae vae = Make("bernoulli");
        Tensor[] encoder = [.. vae.Encoder.Parameters.Select(p => p.Value)];
        // The expected gradient of -sum_k w~_k log q(z_k), weights held, over all pairs of values.
        Tensor[] exact;
        using (var tape = new GradientTape())
        {
            (Tensor logQ, Tensor logWeight) = Listed(vae);
            int n = logQ.Shape[0];
            Tensor first = logWeight.Detach().Reshape([n, 1, 2]), second = logWeight.Detach().Reshape([1, n, 2]),
                share = (first - second).Sigmoid();
            Tensor held = (logQ.Detach().Reshape([n, 1, 2]) + logQ.Detach().Reshape([1, n, 2])).Exp();
            Tensor loss = -(held * (share * logQ.Reshape([n, 1, 2]) + (1 - share) * logQ.Reshape([1, n, 2]))).Sum(
                0).Sum(0).Mean();
            Gradients gradients = tape.Gradients(loss, encoder);
            exact = [.. encoder.Select((_, i) => gradients[i].Keep())];
        }

        GradientStudy study = GradientStudy.Measure(rng => new ReweightedWakeSleep(2).Evaluate(
            vae.Infer(X, rng, 2), 0).EncoderLoss!, encoder, exact, new Rng(4), 8000);
        Assert.True(study.LargestDeviation < 4.8, $"{study}");
        // The generative model's loss is the importance-weighted bound's.
        Assert.Equal(new ImportanceWeightedElbo(2).Evaluate(vae.Infer(X, new Rng(1), 2), 0).Loss.Item(),
            new ReweightedWakeSleep(2).Evaluate(vae.Infer(X, new Rng(1), 2), 0).Loss.Item());
    }

    [Fact]
    public void Signal_without_the_draw_itself_is_much_less_noisy_than_the_bound()
    {
        // The plain multi-sample score function, whose signal of every draw is the whole bound (Mnih and Rezende 2016,
        // section 2.2).
        Vae vae = Make("bernoulli");
        Tensor[] parameters = Values(vae), exact = Gradient(vae, 3);
        GradientStudy plain = GradientStudy.Measure(rng =>
        {
            InferencePass pass = vae.Infer(X, rng, 3);
            Tensor bound = pass.LogWeights.LogSumExp(0);
            return -(bound + (bound.Detach() * pass.Latents[0].LogPosterior.Sum(0)).GradientOnly()).Mean();
        }, parameters, exact, new Rng(4), 4000);
        GradientStudy vimco = Study(vae, new ImportanceWeightedElbo(3), 3);
        Assert.True(plain.LargestDeviation < 4.8 && vimco.Variance < 0.5 * plain.Variance, $"{plain} {vimco}");
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Gradients_through_draws_are_biased_and_say_so(string family)
    {
        Vae vae = Make(family);
        foreach (DiscreteGradient gradient in new[] { DiscreteGradient.StraightThrough,
            DiscreteGradient.GumbelSoftmax(1), DiscreteGradient.GumbelSoftmax(1, straightThrough: true) })
        {
            GradientStudy study = Study(vae, new Elbo(5) { Discrete = gradient }, 1, 4000);
            Assert.True(study.LargestDeviation > 6, $"{gradient}: {study}");
            Assert.False(gradient.IsUnbiased);
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Cold_relaxed_draws_come_near_the_bound_and_only_they_are_none(string family)
    {
        Vae vae = Make(family);
        double exact = Exact(vae, 1).Item();
        double Bound(DiscreteDraw draw) => MonteCarlo.MeanOf(Enumerable.Range(0, 400).Select(
            r => new Elbo(20).Evaluate(vae.Infer(X, new Rng(1).At(r), 20, draw), 0).Bound.Item())).Mean;
        // The standard error of each is about 0.003 nats.
        Assert.Equal(exact, Bound(DiscreteDraw.Relaxed(0.01)), 0.02);
        Assert.Equal(exact, Bound(DiscreteDraw.RelaxedStraightThrough(1)), 0.02);
        Assert.Equal(exact, Bound(DiscreteDraw.StraightThrough), 0.02);
        Assert.False(new Elbo { Discrete = DiscreteGradient.GumbelSoftmax(1) }.IsLowerBound(0));
        Assert.True(new Elbo { Discrete = DiscreteGradient.GumbelSoftmax(1, straightThrough: true) }.IsLowerBound(0));
        Assert.Throws<NotSupportedException>(() => vae.Infer(X, new Rng(1), 2, DiscreteDraw.Relaxed(1)).LogWeights);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Temperature_of_a_step_is_the_schedules(string family)
    {
        Vae vae = Make(family);
        DiscreteGradient gradient = DiscreteGradient.GumbelSoftmax(Schedule.Exponential(1, 0.5).AtLeast(0.3));
        foreach ((long step, double temperature) in new[] { (0L, 1.0), (1, 0.5), (2, 0.3), (100, 0.3) })
        {
            Assert.Equal(
                DiscreteDraw.Relaxed(temperature).Of(vae.Encoder.Given(X), new Rng(2), 3).Doubles(),
                gradient.DrawAt(step).Of(vae.Encoder.Given(X), new Rng(2), 3).Doubles());
        }
    }

    [Fact]
    public void One_hot_variable_is_one_unit_of_the_statistics()
    {
        Vae vae = Make("categorical");
        var statistics = new PosteriorStatistics();
        InferencePass pass = vae.Infer(X, new Rng(1));
        statistics.Add(pass);
        double[] probs = pass.Latents[0].Posterior.Mean.Doubles();
        double[] expected = [.. Enumerable.Range(0, 2).Select(
            v => Enumerable.Range(0, 3).Sum(c => Math.Pow((probs[v * 3 + c] - probs[6 + v * 3 + c]) / 2, 2)))];
        Close.Require(expected, [.. statistics.MeanVariance], 1e-12);
        double[] kl = [.. Enumerable.Range(0, 2).Select(v => Enumerable.Range(0, 6).Sum(
            i => probs[i / 3 * 6 + v * 3 + i % 3] * Math.Log(3 * probs[i / 3 * 6 + v * 3 + i % 3])) / 2)];
        Close.Require(kl, [.. statistics.KLPerDimension], 1e-12);
        Assert.Equal([2, 6], vae.Encode(X).Shape);
        Assert.Equal([5, 6], vae.SamplePrior(5, new Rng(1)).Shape);
        Assert.Equal([5, 4], vae.Generate(5, new Rng(1)).Shape);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Training_learns_two_kinds_of_data_apart(string family)
    {
        // Two patterns: one bit of latent tells them apart, and the bound comes near -log 2.
        byte[] levels =
            [.. Enumerable.Range(0, 400).SelectMany(i => i % 2 == 0 ? new byte[] { 1, 1, 0, 0 } : [0, 0, 1, 1])];
        Dataset data = Dataset.FromBytes("patterns", [4], levels, DataKind.Binary);
        foreach (Objective objective in new Objective[] {
            new Elbo { Discrete = DiscreteGradient.GumbelSoftmax(0.7) }, new Elbo(2), new ImportanceWeightedElbo(4) })
        {
            Vae vae = Make(family, DType.Float32);
            new Trainer(new Adam(0.02), new TrainerOptions { Epochs = 40, BatchSize = 20 }).Fit(
                vae, objective, data, new Rng(3));
            vae.SetMode(ModuleMode.Evaluation);
            // Of the importance-weighted bound's training the bound of one draw is no measure: its q need not be near
            // the posterior.
            double bound = objective is ImportanceWeightedElbo ? ImportanceWeightedBound.Evaluate(
                vae, data, 4, new Rng(2)).Mean : EvidenceLowerBound.Evaluate(vae, data, new Rng(1)).Elbo.Mean;
            Assert.True(bound is > -1.1 and < -0.69, $"{objective.Name}: {bound}");
        }
    }

    [Fact]
    public void What_needs_a_gradient_through_the_draws_refuses_discrete_latents()
    {
        Vae vae = Make("bernoulli");
        InferencePass pass = vae.Infer(X, new Rng(1), 3);
        Assert.Contains("discrete", Assert.Throws<NotSupportedException>(() => new ImportanceWeightedElbo(
            3) { Gradient = PathGradient.DoublyReparameterized }.Evaluate(pass, 0)).Message, StringComparison.Ordinal);
        Assert.Contains("two draws", Assert.Throws<NotSupportedException>(() => new ImportanceWeightedElbo(1).Evaluate(
            vae.Infer(X, new Rng(1)), 0)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "closed form", Assert.Throws<NotSupportedException>(() => new Elbo { Estimator = ElboEstimator.Sampled }
            .Evaluate(vae.Infer(X, new Rng(1), 1, DiscreteDraw.Relaxed(1)), 0)).Message, StringComparison.Ordinal);
        Assert.Contains("closed form", Assert.Throws<NotSupportedException>(
            () => new Elbo { Estimator = ElboEstimator.Sampled, FreeBits = FreeBits.Total(1) }.Evaluate(pass, 0))
            .Message, StringComparison.Ordinal);
        Assert.Contains("closed form", Assert.Throws<NotSupportedException>(
            () => new Elbo { Estimator = ElboEstimator.Sampled, Capacity = 5 }.Evaluate(pass, 0)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => DiscreteDraw.Relaxed(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => DiscreteGradient.GumbelSoftmax(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => PosteriorFamily.Categorical(1));
    }

    private static Tensor[] Values(Vae vae) => [.. vae.Parameters.Select(p => p.Value)];

    private static GradientStudy Study(Vae vae, Objective objective, int draws, int replicates = 8000,
        Func<Tensor, Tensor>? bound = null) => GradientStudy.Measure(
        rng => objective.Evaluate(vae.Infer(X, rng, objective.Samples, objective.Discrete.DrawAt(0)), 0).Loss,
        Values(vae), Gradient(vae, draws, bound), new Rng(4), replicates);

    private static Tensor[] Gradient(Vae vae, int draws, Func<Tensor, Tensor>? bound = null)
    {
        using var tape = new GradientTape();
        Gradients gradients = tape.Gradients(-Exact(vae, draws, bound), vae.Parameters);
        return [.. vae.Parameters.Select((_, i) => gradients[i].Keep())];
    }

    /// <summary>log q and log w of every value of the latent for both data, [n, 2].</summary>
    private static (Tensor LogQ, Tensor LogWeight) Listed(Vae vae)
    {
        Distribution q = vae.Encoder.Given(X), prior = vae.Prior.Distribution;
        Tensor values = q.EnumerateSupport();
        int n = values.Shape[0];
        Tensor z = values.BroadcastTo([n, 2, .. q.EventShape]);
        Tensor logQ = q.LogProb(z);
        return (logQ, vae.Decoder.Given(z.Reshape([n, 2, q.EventShape.Size])).LogProb(X) + prior.LogProb(z) - logQ);
    }

    /// <summary>The mean over the data of the expectation of a bound of K weights [K, ...], over all values of all K
    /// latents; the importance-weighted one where nothing else is said, which at K = 1 is the ELBO.</summary>
    private static Tensor Exact(Vae vae, int draws, Func<Tensor, Tensor>? bound = null)
    {
        (Tensor logQ, Tensor logWeight) = Listed(vae);
        int n = logQ.Shape[0];
        // Axis k of the product runs over the values of draw k.
        Shape all = Shape.Create([.. Enumerable.Repeat(n, draws), 2]);
        Tensor[] weights = new Tensor[draws];
        Tensor probability = Tensor.Zeros([], DType.Float64);
        for (int k = 0; k < draws; k++)
        {
            Shape shape = Shape.Create([.. Enumerable.Range(0, draws).Select(j => j == k ? n : 1), 2]);
            probability += logQ.Reshape(shape);
            weights[k] = logWeight.Exp().Reshape(shape).BroadcastTo(all).Reshape([1, .. all]);
        }

        bound ??= w => w.Mean(0).Log();
        Tensor each = probability.Exp() * bound(Tensor.Concat(0, weights));
        for (int k = 0; k < draws; k++) each = each.Sum(0);
        if (draws == 1)
        {
            Distribution q = vae.Encoder.Given(X), prior = vae.Prior.Distribution;
            Tensor logPrior = Tensor.Zeros([], DType.Float64) + prior.LogProb(prior.EnumerateSupport().Slice(0, 0, 1));
            Close.Require(each.Doubles(), ((logQ.Exp() * (logWeight + logQ - logPrior.At(0))).Sum(
                0) - KLDivergence.ClosedForm(q, prior)!).Doubles(), 1e-12);
        }

        return each.Mean();
    }
}
