using Reparam.Configuration;
using Reparam.Data;
using Reparam.Distributions;
using Reparam.Models;
using Reparam.Objectives;
using Reparam.Objectives.Penalties;
using Reparam.Runs;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Training.Optimizers;

namespace Reparam.Tests.Runs;

/// <summary>What a configuration may ask for, and how it is refused before anything is allocated.</summary>
public sealed class RunFactoryTests
{
    [Theory]
    [InlineData("vae", "output-bias")]
    [InlineData("hierarchical", "output-bias")]
    public void Output_that_begins_at_the_data_gives_their_mean(string kind, string what)
    {
        Dataset data = Dataset.FromValues("two", [2, 2], [0, 1, 1, 0, 0, 0.5f, 1, 1]);
        RunSettings config = Configured.With($"model={kind}", "model.event_shape=2,2", "model.network.output_bias=data",
            "model.network.decoder_hidden=");
        LatentVariableModel model = RunFactory.Model(config, data);
        Parameter bias = model.Parameters.Single(p => p.Name == "decoder.head.bias");
        Close.Require(
            [0.001, 0.75, 0.999, 0.5], [.. bias.Value.Doubles().Select(b => 1 / (1 + Math.Exp(-b)))], 1e-6, what);
        Assert.NotEqual(
            bias.Value.Doubles(), RunFactory.Model(config).Parameters.Single(p => p.Name == bias.Name).Value.Doubles());
        Refused("output_bias", config.With("model.likelihood=gaussian"));
        Assert.Throws<ArgumentException>(
            () => ((MlpDecoder)(model is Vae vae ? vae.Decoder : ((LayeredVae)model).Decoder)).StartAt([0.5]));
    }

    [Fact]
    public void Adams_constants_reach_it_and_nothing_else_takes_them()
    {
        double After(params string[] values)
        {
            RunSettings config = Configured.With([.. values, "optimizer.learning_rate=0.1"]);
            var x = new Parameter("x", Tensor.Scalar(1, DType.Float64));
            Optimizer rule = RunFactory.Optimizer(config);
            OptimizerState state = rule.Start([x]);
            foreach (double slope in (double[])[1, -2])
            {
                using var tape = new GradientTape();
                rule.Step(state, tape.Gradients((Tensor)x * slope, [x]));
            }

            return x.Value.Item();
        }

        // Two steps by hand: m and v averages of (1, -2) and (1, 4), corrected.
        static double ByHand(double beta1, double beta2, double epsilon)
        {
            double m = beta1 * (1 - beta1) - 2 * (1 - beta1), v = beta2 * (1 - beta2) + 4 * (1 - beta2);
            return 1 - 0.1 / (1 + epsilon)
                - 0.1 * (m / (1 - beta1 * beta1)) / (Math.Sqrt(v / (1 - beta2 * beta2)) + epsilon);
        }

        Close.Require(ByHand(0.9, 0.999, 1e-8), After(), 1e-12);
        Close.Require(
            ByHand(0.5, 0.9, 0.3), After("optimizer.beta1=0.5", "optimizer.beta2=0.9", "optimizer.epsilon=0.3"), 1e-12);
        Assert.Contains("belongs to 'adam' and 'adamw'", Assert.Throws<InvalidConfigException>(
            () => After("optimizer=sgd", "optimizer.epsilon=0.3")).Message, StringComparison.Ordinal);
        foreach (string wrong in (
            string[])["beta2=1", "beta1=0.99999999", "epsilon=1e-50", "epsilon=1e39", "epsilon=-1", "epsilon=nan"])
            Assert.Throws<InvalidConfigException>(() => After($"optimizer.{wrong}"));
    }

    [Fact]
    public void What_the_configuration_leaves_open_is_spelt_out_by_kind_and_shape()
    {
        Assert.Equal("mlp, latent 8, hidden 256,256, relu", Described("mlp", "28,28"));
        Assert.Equal("conv, latent 8, channels 32,32,64,64, hidden 256, relu", Described("conv", "3,64,64"));
        Assert.Equal("resnet, latent 8, channels 32,64, blocks 1, silu", Described("resnet", "28,28"));
        Assert.Null(
            ((ImageNetworkSettings)RunFactory.Complete(Configured.With("model.network=conv")).Model.Network).Channels);

        static string Described(string network, string shape) =>
            RunFactory.Complete(Configured.With($"model.network={network}", $"model.event_shape={shape}"))
                .Model.Description;
    }

    [Fact]
    public void What_was_said_stays_and_a_complete_configuration_is_read_back_the_same()
    {
        RunSettings config = RunFactory.Complete(Configured.With(
            "model.network=resnet", "model.event_shape=28,28", "model.network.hidden=7", "model.network.channels=5",
            "model.network.activation=tanh",
            "model.network.blocks=3", "model.network.attention=true"));
        Assert.Equal("resnet, latent 8, channels 5, blocks 3 with attention, hidden 7, tanh", config.Model.Description);
        string text = RunSettingsJson.Write(config);
        Assert.Equal(text, RunSettingsJson.Write(RunSettingsJson.Read(text, "test")));
        // A run of a version that knew mlps only.
        RunSettings old = RunSettingsJson.Read(
            """
            { "schema": 1,
              "model": { "kind": "mlp", "event_shape": [784], "hidden": [500], "activation": "tanh" } }
            """,
            "old");
        Assert.Equal("mlp, latent 8, hidden 500, tanh", RunFactory.Complete(old).Model.Description);
    }

    [Theory]
    [InlineData(
        "model.network 'convnet' is unknown. Known: conv, transformer, unet, mlp, resnet", "model.network=convnet")]
    [InlineData("are not images", "model.network=conv", "model.event_shape=784")]
    [InlineData("cannot be halved 3 times", "model.network=conv", "model.network.channels=8,8,8")]
    [InlineData(
        "at most 2 channel counts", "model.network=resnet", "model.event_shape=28,20", "model.network.channels=8,8,8")]
    [InlineData("Channels come first: [3, 32, 32]", "model.network=conv", "model.event_shape=32,32,3")]
    [InlineData("model.network.channels lies between 1 and 4096", "model.network=conv", "model.network.channels=0,8")]
    [InlineData(
        "model.network.channels lies between 1 and 4096", "model.network=conv", "model.network.channels=8,5000")]
    [InlineData("parameters", "model.network=conv", "model.event_shape=64,64", "model.network.channels=4096,4096,4096")]
    [InlineData(
        "model.network.channels belongs to 'conv', 'unet' and 'resnet', not to 'mlp'", "model.network.channels=8")]
    [InlineData("model.network.attention belongs to 'resnet', " +
        "not to 'conv'", "model.network=conv", "model.network.attention=true")]
    [InlineData("200,000,000 elements", "model.network=conv", "model.event_shape=65536,65536,65536")]
    [InlineData("1 to 16", "model.network=conv", "model.network.channels=")]
    [InlineData("belongs to 'mlp', not to 'conv'", "model.network=conv", "model.network.weights=bayesian")]
    [InlineData("model.network.weights 'bayes' is unknown", "model.network.weights=bayes")]
    [InlineData("number of outcomes of each variable lies between 2 and 1000", "model.posterior=categorical:1")]
    [InlineData("'bernoulli' takes no number", "model.posterior=bernoulli:3")]
    [InlineData(
        "model.posterior 'coupling' must have at least 2 latent", "model.posterior=coupling:2", "model.latent=1")]
    [InlineData("model.posterior 'full' must have at most 512 latent", "model.posterior=full", "model.latent=513")]
    [InlineData("is over all real vectors", "model.posterior=bernoulli", "model.prior=mixture:3")]
    [InlineData("would concentrate on the points", "model.posterior=point", "model.prior=vamp:3")]
    [InlineData("one network for one-hot latents", "model.posterior=categorical:3", "model.prior=autoregressive:2")]
    [InlineData("encodes pseudo-inputs", "model.condition=labels", "model.context=3", "model.prior=vamp:3")]
    [InlineData("has one code at each place", "model=vq-vae", "model.network.hidden=32")]
    [InlineData("model.upper_hidden has 1 entries", "model=ladder", "model.upper=4,2", "model.upper_hidden=8")]
    [InlineData("set the number of classes", "model=semi-supervised", "data.labels=0")]
    [InlineData("works with model.kind 'vae', not with 'ladder'", "model=ladder", "model.network.weights=bayesian")]
    public void Models_that_cannot_be_are_refused_in_a_sentence(string words, params string[] values) =>
        Refused(words, ["model.event_shape=28,28", .. values]);

    [Theory]
    [InlineData("did you mean 'score-function'", "model.posterior=bernoulli", "objective.discrete=score-functions")]
    [InlineData("objective.samples of at least 2", "model.posterior=bernoulli", "objective=iwae")]
    [InlineData("set objective.estimator to 'closed-form-kl'", "model.posterior=bernoulli",
        "objective.discrete=score-function", "objective.estimator=sticking-the-landing")]
    [InlineData("Use the closed form", "model.posterior=bernoulli", "objective.estimator=sampled")]
    [InlineData("objective.discrete belongs to discrete latents", "objective.discrete=score-function")]
    [InlineData("objective.discrete belongs to discrete latents", "objective.discrete.temperature=0.5")]
    [InlineData("sums over the class", "model.posterior=bernoulli", "objective.discrete=enumeration")]
    [InlineData("temperature_floor must be above 0 and at most", "model.posterior=bernoulli",
        "objective.discrete.temperature_rate=0.1", "objective.discrete.temperature_floor=2")]
    [InlineData(
        "objective.alpha belongs to 'info-vae', not to 'beta-tcvae'", "objective=beta-tcvae", "objective.alpha=0.5")]
    [InlineData("objective.penalty belongs to", "objective.penalty=3")]
    [InlineData("objective.penalty is a finite number of at least 1", "objective=beta-tcvae", "objective.penalty=0.5")]
    [InlineData("objective.capacity_steps needs objective.capacity", "objective.capacity_steps=5")]
    [InlineData("objective.beta belongs to", "objective=wae-mmd", "objective.beta=2")]
    [InlineData("objective.beta belongs to", "objective=renyi", "objective.beta=2")]
    [InlineData("divides 6 draws into 4 groups", "objective=miwae", "objective.samples=6", "objective.groups=4")]
    [InlineData(
        "objective.groups belongs to 'miwae' and 'piwae', not to 'iwae'", "objective=iwae", "objective.groups=4")]
    [InlineData(
        "objective.elbo_share is a number of at least 0 and at most 1", "objective=ciwae", "objective.elbo_share=1.5")]
    [InlineData("which is negative here", "objective=info-vae", "objective.penalty=0.5")]
    [InlineData("set training.patience to 0", "objective=wae-mmd", "training.patience=3")]
    [InlineData("set training.patience to 0", "model.posterior=point", "training.patience=3")]
    [InlineData("2 or more", "objective=rws", "objective.samples=1")]
    [InlineData("did you mean 'beta-tcvae'", "objective=beta-tcvea")]
    [InlineData("exclude each other", "objective.free_bits=1", "objective.free_nats=1")]
    [InlineData("exclude each other", "objective.warmup_steps=1", "objective.cycle_steps=2")]
    [InlineData("compares the data of a batch", "objective=factor-vae", "training.batch=1")]
    [InlineData("compares the data of a batch", "model.network.normalization=batch", "training.batch=1")]
    [InlineData("set objective.samples to 1", "model=vq-vae", "objective.samples=2")]
    [InlineData("the same for all codes", "model=vq-vae", "objective.beta=7")]
    [InlineData("optimizer.schedule.decay_steps belongs to 'cosine', 'stages' and 'step', not " +
        "to 'constant'", "optimizer.schedule.decay_steps=5")]
    public void Settings_that_do_not_go_together_are_refused_with_what_does(string words, params string[] values) =>
        Refused(words, ["model.event_shape=28,28", .. values]);

    [Theory]
    [InlineData("training.batch=1000000")]
    [InlineData("objective.samples=100000")]
    [InlineData("training.batch=65536", "objective=beta-tcvae")]
    [InlineData("training.batch=20000", "objective=wae-mmd")]
    [InlineData("model.posterior=bernoulli", "objective=iwae", "objective.samples=10000")]
    [InlineData("model.latent=60000", "model.network.hidden=4", "objective=dip-vae-i", "training.batch=2")]
    [InlineData("model.network=conv", "model.network.channels=256", "model.prior=vamp:10000", "training.batch=1")]
    [InlineData("model.network=resnet", "model.network.channels=32", "objective.samples=20", "training.batch=300")]
    // 512 x 512 pixels that all look at each other: 2^36 scores a datum.
    [InlineData("model.network=resnet", "model.event_shape=1024,1024", "model.network.channels=8",
        "model.network.hidden=1", "model.network.attention=true")]
    public void Steps_that_would_not_fit_into_memory_are_refused(params string[] values)
    {
        RunSettings config = Configured.With(["model.event_shape=3,64,64", .. values]);
        string message = Assert.Throws<InvalidConfigException>(() => RunFactory.Check(config, 2_000_000)).Message;
        Assert.Matches(
            "GB for intermediate results|One intermediate result|elements, but a .*tensor holds at most", message);
    }

    [Fact]
    public void Rehearsal_counts_the_parameters_of_the_model()
    {
        RunSettings config = Configured.With("model.event_shape=6", "model.latent=4", "model.network.hidden=5",
            "model.posterior=iaf:2", "model.prior=mixture:3");
        Assert.Equal(RunFactory.Model(config).ParameterCount, RunFactory.Check(config, 100).Parameters);
    }

    [Fact]
    public void Uncertain_weights_have_scales_and_the_elbo_knows_the_number_of_data()
    {
        RunSettings config = Configured.With(
            "model.event_shape=6", "model.latent=4", "model.network.hidden=5", "model.network.weights=bayesian");
        LatentVariableModel with = RunFactory.Model(config),
            without = RunFactory.Model(config.With("model.network.weights=point"));
        // Scales for the decoder's 5 x 5 and 6 x 6 numbers.
        Assert.Equal(without.ParameterCount + 25 + 36, with.ParameterCount);
        Assert.Contains("bayesian weights", config.Model.Description, StringComparison.Ordinal);
        Assert.Equal(7, Assert.IsType<Elbo>(RunFactory.Objective(config, 7)).DataCount);
        Refused("cannot include the KL of uncertain weights", config.With("objective=iwae"));
    }

    [Theory]
    [InlineData("bernoulli", 4, 4)]
    [InlineData("categorical:3", 12, 12)]
    public void Discrete_posteriors_are_built_as_named(string posterior, int outputs, int size)
    {
        RunSettings config = RunFactory.Complete(Configured.With(
            "model.event_shape=6", "model.latent=4", "model.network.hidden=5", "model.network.decoder_hidden=7,3",
            $"model.posterior={posterior}"));
        var vae = (Vae)RunFactory.Model(config);
        Assert.Equal([outputs, 5], vae.Parameters.Single(p => p.Name == "encoder.head.weight").Shape);
        Assert.Equal([7, size], vae.Parameters.Single(p => p.Name == "decoder.hidden.0.weight").Shape);
        Assert.Equal(
            $"mlp, latent 4, hidden 5, decoder hidden 7,3, relu, posterior {posterior}", config.Model.Description);
        Assert.Contains("Gumbel-Softmax, temperature exponential", RunFactory.Objective(
            config.With("objective.discrete.temperature_rate=1e-4")).Name, StringComparison.Ordinal);
        Assert.Contains("straight-through",
            RunFactory.Objective(config.With("objective.discrete=straight-through")).Name, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("beta-tcvae", 1, "total correlation x 5, minibatch stratified sampling over 100 data", false)]
    [InlineData("dip-vae-i", 1, "DIP-VAE I, off-diagonal x 10, diagonal x 100", true)]
    [InlineData("dip-vae-ii", 1, "DIP-VAE II, off-diagonal x 10, diagonal x 10", true)]
    [InlineData("info-vae", 1, "MMD x 999", true)]
    [InlineData("wae-mmd", 1, "beta 0, free bits none, SGVB B: KL in closed form where there is one; MMD x 10", false)]
    [InlineData("miwae", 16, "miwae (8 groups of 2 samples)", true)]
    [InlineData("piwae", 16, "piwae (8 groups of 2 samples)", true)]
    [InlineData("ciwae", 5, "ciwae (samples 5, share of the ELBO 0.05)", true)]
    [InlineData("renyi", 5, "renyi (samples 5, alpha 0.5)", true)]
    [InlineData("rws", 5, "reweighted wake-sleep (samples 5)", true)]
    [InlineData("wake-sleep", 1, "wake-sleep", true)]
    public void Objectives_are_built_by_name_and_say_whether_they_are_bounds(
        string kind, int samples, string words, bool isBound)
    {
        Objective objective = RunFactory.Objective(Configured.With(["model.event_shape=6", $"objective={kind}",
            .. kind == "wake-sleep" ? Array.Empty<string>() : [$"objective.samples={samples}"]]), 100);
        Assert.Contains(words, objective.Name, StringComparison.Ordinal);
        Assert.Equal(isBound, objective.IsLowerBound(0));
        Assert.Equal(samples, objective.Samples);
    }

    [Theory]
    [InlineData("wae-mmd", "kernel=gaussian", "Gaussian kernel of width 1")]
    [InlineData("info-vae", "bandwidth=2.5", "inverse multiquadratic kernel of width 2.5")]
    [InlineData("swae", "slices=20", "sliced Wasserstein x 10, 20 directions")]
    public void Settings_of_a_penalty_reach_it(string kind, string setting, string words) =>
        Assert.Contains(words, RunFactory.Objective(
            Configured.With("model.event_shape=6", $"objective={kind}", $"objective.{setting}"), 100).Name,
            StringComparison.Ordinal);

    [Fact]
    public void InfoVAE_leaves_out_a_part_of_the_KL_and_weighs_the_discrepancy_by_what_that_adds()
    {
        var elbo = (Elbo)RunFactory.Objective(Configured.With(
            "model.event_shape=6", "objective=info-vae", "objective.alpha=0.3", "objective.penalty=50"), 100);
        var posterior = new DiagonalNormal(
            GradientCheck.Values([6, 2], -1, 1), Tensor.Full([6, 2], 0.6, DType.Float64));
        var pass = new InferencePass(Tensor.Zeros([1, 6], DType.Float64),
            [LatentTerm.Draw("z", posterior, DiagonalNormal.Standard(2, DType.Float64), new Rng(4), 1)]);
        (double kl, double discrepancy) =
            (new Elbo().Evaluate(pass, 0).KL.Item(), new AggregateDiscrepancy(1).Evaluate(pass).Item());
        Assert.True(kl > 0.1 && Math.Abs(discrepancy) > 0.01, "the test's terms are not 0");
        Assert.Equal(0.7, elbo.Beta.At(0), 15);
        Close.Require(
            49.3 * discrepancy, Assert.Single(elbo.Penalties).Evaluate(pass).Item(), 1e-12, "alpha + lambda - 1");
        Close.Require(0.7 * kl + 49.3 * discrepancy, elbo.Evaluate(pass, 0).Loss.Item(), 1e-12);
    }

    [Fact]
    public void Terms_of_a_model_weigh_as_its_settings_say()
    {
        RunSettings codes = Configured.With("model=vq-vae", "model.event_shape=8,8", "model.codes=6",
            "model.commitment=0.5", "model.network.channels=4");
        Assert.Equal(0.5, ((VqVae)RunFactory.Model(codes)).Commitment);
        // 0.1 of every datum, over the quarter that was told.
        RunSettings told = Configured.With(
            "model=semi-supervised", "model.event_shape=8,8", "model.classes=4", "data.labels=25");
        Dataset data = Dataset.FromValues("some", [8, 8], new float[100 * 64]);
        Assert.Equal(0.4, ((SemiSupervisedVae)RunFactory.Model(told, data)).Supervision, 15);
        Assert.Equal(0, ((SemiSupervisedVae)RunFactory.Model(told.With("data.labels=0"), data)).Supervision);
    }

    private static void Refused(string words, params IEnumerable<string> values)
    {
        string message = Assert.Throws<InvalidConfigException>(
            () => RunFactory.Check(Configured.With(values), 1000)).Message;
        Assert.Contains(words, message, StringComparison.OrdinalIgnoreCase);
    }

    private static void Refused(string words, RunSettings config) =>
        Assert.Contains(words, Assert.Throws<InvalidConfigException>(() => RunFactory.Check(config, 1000)).Message,
            StringComparison.OrdinalIgnoreCase);
}
