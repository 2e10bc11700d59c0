using Reparam.Data;
using Reparam.Distributions;
using Reparam.Models;
using Reparam.Objectives;
using Reparam.Objectives.Penalties;
using Reparam.Serialization;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Training;
using Reparam.Training.Optimizers;
using Reparam.Runs;

namespace Reparam.Tests.Objectives;

/// <summary>Objectives with a network of their own that trains against the model, and those whose two halves do not
/// share a loss.</summary>
public sealed class AdversaryTests
{
    private static readonly Tensor X = GradientCheck.Values([6, 5], 0, 1).Keep();

    private static Vae Make() =>
        Vae.Mlp([5], 2, [6], Likelihood.Bernoulli, new Rng(1), options: new() { DType = DType.Float64 });

    private static Discriminator Judge(int size) => new(size, new Rng(2), [16], DType.Float64);

    [Fact]
    public void Discriminator_learns_the_logarithm_of_a_ratio_of_densities()
    {
        // N(1, 1) against N(0, 1): log of the ratio is z - 1/2.
        var judge = new Discriminator(1, new Rng(2), [32], DType.Float64);
        OptimizerState state = new Adam(5e-3).Start(judge.Parameters);
        for (int step = 0; step < 1500; step++)
        {
            using var tape = new GradientTape();
            Rng rng = new Rng(3).At(step);
            Tensor loss = judge.Loss(rng.Normal([256, 1], DType.Float64) + 1, rng.Normal([256, 1], DType.Float64));
            new Adam(5e-3).Step(state, tape.Gradients(loss, judge.Parameters));
        }

        double[] odds = judge.LogOdds(Tensor.From([-0.5, 0, 0.5, 1, 1.5], [5, 1])).Doubles();
        // Where the two meet, 256 draws a step leave it within a few tenths.
        Close.Require([-1, -0.5, 0, 0.5, 1], odds, 0.25);
    }

    [Fact]
    public void Total_correlation_by_a_discriminator_is_that_of_a_correlated_normal()
    {
        // TC of a bivariate normal of correlation r is -log(1 - r^2) / 2.
        const double r = 0.9;
        var judge = new Discriminator(2, new Rng(2), [64, 64], DType.Float64);
        var penalty = new AdversarialTotalCorrelation(1, judge);
        var adam = new Adam(2e-3);
        OptimizerState state = adam.Start(judge.Parameters);
        double sum = 0;
        for (int step = 0; step < 1500; step++)
        {
            using var tape = new GradientTape();
            InferencePass pass = Correlated(step, r);
            if (step >= 1300) sum += penalty.Evaluate(pass).Item() / 200;
            adam.Step(state, tape.Gradients(penalty.AdversaryLoss(pass), judge.Parameters));
        }

        // A learned ratio, of a few hundred draws a step: a tenth of the truth.
        Assert.InRange(sum, 0.9 * -0.5 * Math.Log(1 - r * r), 1.1 * -0.5 * Math.Log(1 - r * r));
    }

    /// <summary>Codes that are draws of a correlated normal.</summary>
    private static InferencePass Correlated(int step, double r)
    {
        const int count = 256;
        Rng rng = new Rng(5).At(step);
        Tensor first = rng.Normal([count, 1], DType.Float64),
            second = first * r + rng.Normal([count, 1], DType.Float64) * Math.Sqrt(1 - r * r);
        var posterior = new DiagonalNormal(
            Tensor.Concat(1, first, second), Tensor.Full([count, 2], 1e-9, DType.Float64));
        return new InferencePass(Tensor.Zeros([1, count], DType.Float64),
            [LatentTerm.Draw("z", posterior, DiagonalNormal.Standard(2, DType.Float64), rng, 1)]);
    }

    [Fact]
    public void One_hot_variables_are_shuffled_whole()
    {
        // Two one-hot variables that are independent: shuffled or not they are the same, and there is nothing for a
        // discriminator to learn.
        var judge = new Discriminator(6, new Rng(2), [32], DType.Float64);
        var penalty = new AdversarialTotalCorrelation(1, judge);
        var adam = new Adam(5e-3);
        OptimizerState state = adam.Start(judge.Parameters);
        double last = 0;
        for (int step = 0; step < 400; step++)
        {
            using var tape = new GradientTape();
            var posterior = new Independent(new OneHotCategorical(Tensor.Zeros([200, 2, 3], DType.Float64)), 1);
            var pass = new InferencePass(Tensor.Zeros([1, 200], DType.Float64), [LatentTerm.Draw(
                "z", posterior, UniformPrior.Categorical(2, 3, DType.Float64).Distribution, new Rng(5).At(step), 1)]);
            Tensor loss = penalty.AdversaryLoss(pass);
            last = loss.Item();
            adam.Step(state, tape.Gradients(loss, judge.Parameters));
        }

        // 2 log 2 is what guessing costs; coordinates shuffled by themselves would be told apart at once, at half of
        // that.
        Assert.InRange(last, 1.3, 1.5);
    }

    [Fact]
    public void Each_side_minimises_its_own_loss()
    {
        Vae vae = Make();
        foreach (Objective objective in (Objective[])
            [
                new Elbo { Penalties = [new AdversarialTotalCorrelation(3, Judge(2))] },
                new Elbo { Beta = 0, Penalties = [new AdversarialPrior(3, Judge(2))] }, new VaeGan(Judge(5)),
            ])
        {
            using var tape = new GradientTape();
            ObjectiveValue value = objective.Evaluate(vae.Infer(X, new Rng(4)), 0);
            Gradients adversary = tape.Gradients(
                value.AdversaryLoss!, [.. vae.Parameters, .. objective.Adversary!.Parameters]);
            for (int i = 0; i < vae.Parameters.Count; i++) Assert.All(adversary[i].Doubles(), g => Assert.Equal(0, g));
            Assert.Contains(Enumerable.Range(vae.Parameters.Count, objective.Adversary.Parameters.Count),
                i => adversary[i].Doubles().Any(g => g != 0));
            Assert.Contains(tape.Gradients(value.Loss, vae.Decoder.Parameters)[0].Doubles(), g => g != 0);
        }
    }

    [Fact]
    public void Losses_of_a_vae_gan_are_what_the_discriminators_outputs_make_them()
    {
        const double gamma = 0.3, beta = 0.7;
        (Vae vae, Discriminator judge) = (Make(), Judge(5));
        InferencePass pass = vae.Infer(X, new Rng(4));
        ObjectiveValue value = new VaeGan(judge) { Similarity = gamma, Beta = beta }.Evaluate(pass, 0);
        Tensor decoded = vae.Decoder.Given(pass.Latents[0].Value).Mean.Reshape([6, 5]);
        Tensor dreamt = vae.Decoder.Given(vae.Prior.Distribution.Sample(new Rng(4).Split("dream"), [6])).Mean;
        double[] seen = judge.Judge(X).Features.Doubles(), made = judge.Judge(decoded).Features.Doubles();
        double distance = seen.Zip(made, (f, g) => (f - g) * (f - g)).Sum() / 2 / 6;
        var q = (DiagonalNormal)pass.Latents[0].Posterior;
        double kl = q.Loc.Doubles().Zip(q.Scale.Doubles(), (m, s) => 0.5 * (m * m + s * s - 1) - Math.Log(s)).Sum() / 6;
        // The mean of -log(1 - p) or -log p of the discriminator's probability p that a vector is a datum.
        double TakenForMade(Tensor v) => judge.LogOdds(v).Doubles().Average(d => Math.Log(1 + Math.Exp(d)));
        double TakenForDatum(Tensor v) => judge.LogOdds(v).Doubles().Average(d => Math.Log(1 + Math.Exp(-d)));
        double deceit = TakenForDatum(decoded) + TakenForDatum(dreamt);
        Close.Require(
            gamma * distance + deceit + beta * kl, value.Loss.Item(), 1e-12, "the decoder's, with the KL of a prior");
        Close.Require(beta * kl + distance, value.EncoderLoss!.Item(), 1e-12, "the encoder's");
        Close.Require(TakenForDatum(X) + (TakenForMade(decoded) + TakenForMade(dreamt)) / 2,
            value.AdversaryLoss!.Item(), 1e-12, "the discriminator's");
        Assert.True(Math.Abs(TakenForMade(decoded) - TakenForDatum(decoded)) > 1e-3 && distance > 1e-3 && kl > 1e-3,
            "the test's terms can be told apart");
    }

    [Fact]
    public void Codes_come_to_be_distributed_as_the_prior_by_an_adversary_alone()
    {
        // Codes begin around 4 with no spread; nothing but the discriminator says where the prior is.
        Vae vae = Vae.Mlp(
            [1], 1, [32], Likelihood.Gaussian(1), new Rng(1), options: new() { Posterior = PosteriorFamily.Point });
        vae.Parameters.Single(p => p.Name == "encoder.head.bias").Assign(Tensor.From([4f], [1]));
        float[] values = new Rng(8).Normal([2000]).ToArray<float>();
        Dataset data = Dataset.FromValues("normal", [1], values);
        var objective = new Elbo
        {
            Beta = 0, Penalties = [new AdversarialPrior(1, new Discriminator(1, new Rng(2), [32]))],
        };
        new Trainer(new Adam(2e-3), new TrainerOptions { Epochs = 40, BatchSize = 100 }).Fit(
            vae, objective, data, new Rng(7));
        double[] codes = vae.Encode(Tensor.From(values, [2000, 1])).Doubles();
        double mean = codes.Average(), spread = Math.Sqrt(codes.Average(c => (c - mean) * (c - mean)));
        // The game has no resting point; its orbit around N(0, 1) is this wide.
        Assert.InRange(mean, -0.4, 0.4);
        Assert.InRange(spread, 0.7, 1.4);
    }

    [Fact]
    public void Run_with_an_adversary_resumes_to_the_same_bits()
    {
        Dataset data = Reparam.Tests.Models.SmallModel.Ramps(60);
        (Vae, Elbo) Fresh(ulong seed) => (Reparam.Tests.Models.SmallModel.Make(seed: seed),
            new Elbo { Penalties = [new AdversarialTotalCorrelation(3, new Discriminator(3, new Rng(seed), [8]))] });
        (Vae whole, Elbo objective) = Fresh(3);
        new Trainer(new Adam(1e-3), new TrainerOptions { Epochs = 4, BatchSize = 20 }).Fit(
            whole, objective, data, new Rng(9));

        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder.Path);
        (Vae half, objective) = Fresh(3);
        TrainingReport report = new Trainer(new Adam(1e-3), new TrainerOptions { Epochs = 2, BatchSize = 20 }).Fit(
            half, objective, data, new Rng(9));
        TrainingCheckpoint.Save(checkpoints, report.State, best: false, keep: 1);
        // Other initial weights on both sides: everything comes from the files.
        (Vae resumed, objective) = Fresh(77);
        var state = new TrainingState(resumed, new Adam(1e-3), objective.Adversary);
        TrainingCheckpoint.Restore(checkpoints.OpenLatest()!, state, null);
        new Trainer(new Adam(1e-3), new TrainerOptions { Epochs = 4, BatchSize = 20 }).Fit(
            resumed, objective, data, new Rng(9), resumeFrom: state);
        Assert.Equal(WeightsFile.Sha256(whole.Parameters), WeightsFile.Sha256(resumed.Parameters));
        Assert.Contains("another objective",
            Assert.Throws<ArgumentException>(() => new Trainer(new Adam(1e-3), new TrainerOptions { Epochs = 5 }).Fit(
            resumed, new Elbo(), data, new Rng(9), resumeFrom: state)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Asleep_the_encoder_learns_what_the_dream_was_made_from()
    {
        Vae vae = Make();
        using var tape = new GradientTape();
        InferencePass pass = vae.Infer(X, new Rng(4));
        ObjectiveValue value = new WakeSleep().Evaluate(pass, 0);
        Gradients encoder = tape.Gradients(value.EncoderLoss!, vae.Encoder.Parameters);
        // By hand: the same noise gives the same z ~ p(z) and x ~ p(x|z), scored by q at fixed x and z.
        Rng rng = new Rng(4).Split("dream");
        Tensor z = vae.Prior.Distribution.Sample(rng, [6]), x = vae.Decoder.Given(z).Sample(rng);
        Gradients expected = tape.Gradients(-vae.Posterior(x).LogProb(z).Mean(), vae.Encoder.Parameters);
        for (int i = 0; i < encoder.Count; i++) Close.Require(expected[i].Doubles(), encoder[i].Doubles(), 1e-12);
        Assert.Equal(pass.LogWeights.Mean().Item(), value.Bound.Item());
        // Awake: the joint density at fixed draws is all that the decoder sees.
        Gradients decoder = tape.Gradients(value.Loss, vae.Decoder.Parameters);
        Gradients joint = tape.Gradients(
            -vae.Decoder.Given(pass.Latents[0].Value.Detach()).LogProb(X).Mean(), vae.Decoder.Parameters);
        for (int i = 0; i < decoder.Count; i++) Close.Require(joint[i].Doubles(), decoder[i].Doubles(), 1e-12);
        Assert.Throws<NotSupportedException>(
            () => new WakeSleep().Evaluate(new InferencePass(pass.LogLikelihood, pass.Latents), 0));
    }

    [Fact]
    public void Autoencoder_pays_half_the_square_of_its_code_and_no_more()
    {
        Vae vae = Vae.Mlp(
            [5], 2, [6], Likelihood.Bernoulli, new Rng(1),
            options: new() { DType = DType.Float64, Posterior = PosteriorFamily.Point });
        Tensor z = vae.Encode(X);
        double energy = z.Square().Sum(^1).Mean().Item() / 2 + Math.Log(2 * Math.PI),
            reconstruction = vae.Likelihood(z).LogProb(X).Mean().Item();
        Close.Require(0.1 * energy - reconstruction,
            new Elbo { Beta = 0.1 }.Evaluate(vae.Infer(X, new Rng(1)), 0).Loss.Item(), 1e-12);
        Assert.False(vae.BoundsLikelihood);
        Assert.True(Make().BoundsLikelihood);
    }

    [Fact]
    public void Denoising_hides_from_the_encoder_in_training_and_nowhere_else()
    {
        Vae vae = Vae.Mlp([5], 2, [6], Likelihood.Bernoulli, new Rng(1), options: new() { InputNoise = 0.5 }),
            plain = Vae.Mlp([5], 2, [6], Likelihood.Bernoulli, new Rng(1));
        Tensor x = X.To(DType.Float32);
        double[] expected = plain.Infer(x, new Rng(4)).LogLikelihood.Doubles();
        vae.SetMode(Reparam.Networks.ModuleMode.Evaluation);
        Assert.Equal(expected, vae.Infer(x, new Rng(4)).LogLikelihood.Doubles());
        vae.SetMode(Reparam.Networks.ModuleMode.Training);
        Assert.NotEqual(expected, vae.Infer(x, new Rng(4)).LogLikelihood.Doubles());
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Vae.Mlp([5], 2, [6], Likelihood.Bernoulli, new Rng(1), options: new() { InputNoise = 1 }));
    }

    [Fact]
    public void Denoising_hides_elements_with_its_probability_and_scores_the_whole_datum()
    {
        const double hidden = 0.2;
        const int count = 4000;
        Vae parts = Make();
        var encoder = new WatchedEncoder(parts.Encoder);
        var vae = new Vae(encoder, parts.Decoder, parts.Prior) { InputNoise = hidden };
        vae.SetMode(Reparam.Networks.ModuleMode.Training);
        // No element of a datum is 0 by itself.
        Tensor x = new Rng(8).Uniform([count, 5], DType.Float64) * 0.5 + 0.25;
        InferencePass pass = vae.Infer(x, new Rng(4));
        double[] whole = x.Doubles(), seen = encoder.Seen!.Doubles(), lost = [.. seen.Select(v => v == 0 ? 1.0 : 0)];
        for (int i = 0; i < seen.Length; i++)
            Assert.True(seen[i] == 0 || seen[i] == whole[i], $"element {i}: {seen[i]} of {whole[i]}");
        MonteCarlo.RequireMean(hidden, lost, "share of hidden elements");
        MonteCarlo.RequireMean(hidden * hidden, MonteCarlo.Column(lost, 5, 0).Zip(
            MonteCarlo.Column(lost, 5, 3), (a, b) => a * b), "share of data that lose two elements");
        Assert.Equal(whole, pass.Data!.Doubles());
        double[] target = vae.Decoder.Given(pass.Latents[0].Value).LogProb(x).Doubles();
        Close.Require(target, pass.LogLikelihood.Doubles(), 1e-12);
    }

    /// <summary>Keeps what it was last shown.</summary>
    private sealed class WatchedEncoder(Encoder inner) : Encoder
    {
        public Tensor? Seen { get; private set; }

        public override Distribution Given(Tensor x)
        {
            Seen = x;
            return inner.Given(x);
        }
    }
}
