using System.Globalization;
using Reparam.Data;
using Reparam.Distributions;
using Reparam.Models;
using Reparam.Objectives;
using Reparam.Objectives.Penalties;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Training.Optimizers;
using Reparam.Training.Runs;

namespace Reparam.Tests.Training.Runs;

/// <summary>What a configuration may ask for, and how it is refused before anything is allocated.</summary>
public sealed class RunFactoryTests
{
    [Theory]
    [InlineData("mlp", "784")]
    [InlineData("mlp", "28,28")]
    [InlineData("conv", "28,28")]
    [InlineData("conv", "3,64,64")]
    [InlineData("resnet", "1,28,28")]
    [InlineData("resnet", "3,32,32")]
    public void Parameters_are_counted_as_they_will_be(string kind, string eventShape)
    {
        foreach (string likelihood in (string[])["bernoulli", "gaussian-sigmoid"])
        {
            RunConfig config = RunFactory.Complete(Config(kind, eventShape));
            config = config with { Model = config.Model with { Likelihood = likelihood, Hidden = [40, 30], Attention = kind == "resnet", Blocks = kind == "resnet" ? 2 : 1 } };
            ModelSize size = ModelSize.Of(config.Model, RunFactory.LikelihoodOf(likelihood));
            // The likelihoods that learn a scalar of their own are not among these.
            Assert.Equal(RunFactory.Model(config).ParameterCount, size.Parameters);
        }
    }

    [Theory]
    [InlineData("hierarchical", "mlp", "standard")]
    [InlineData("hierarchical", "conv", "flow:2")]
    [InlineData("ladder", "mlp", "standard")]
    [InlineData("ladder", "resnet", "autoregressive:2")]
    [InlineData("vq-vae", "conv", "standard")]
    [InlineData("vq-vae", "conv", "autoregressive")]
    [InlineData("semi-supervised", "mlp", "standard")]
    [InlineData("semi-supervised", "conv", "mixture:3")]
    [InlineData("vae", "mlp", "autoregressive:2")]
    [InlineData("vae", "mlp", "standard", "batch")]
    [InlineData("hierarchical", "mlp", "flow:2", "batch")]
    [InlineData("ladder", "mlp", "standard", "batch")]
    public void Parameters_of_every_family_are_counted_as_they_will_be(string family, string kind, string prior, string normalization = "none")
    {
        RunConfig config = Config(kind, "8,8", m => m with { Family = family, Prior = prior, Normalization = normalization, Hidden = family == "vq-vae" ? [] : [40, 30], Classes = family == "semi-supervised" ? 5 : 0, Upper = family is "ladder" or "hierarchical" ? [5, 3] : null, Channels = kind == "mlp" ? null : [8, 16] });
        config = RunFactory.Complete(config);
        Assert.Equal(RunFactory.Model(config).ParameterCount, ModelSize.Of(config.Model, Likelihood.Bernoulli).Parameters);
    }

    [Theory]
    [InlineData("vae")]
    [InlineData("hierarchical")]
    public void Output_that_begins_at_the_data_gives_their_mean(string family)
    {
        Dataset data = Dataset.FromValues("two", [2, 2], [0, 1, 1, 0, 0, 0.5f, 1, 1]);
        RunConfig config = RunFactory.Complete(Config("mlp", "2,2", m => m with { Family = family, OutputBias = "data", DecoderHidden = [] }));
        LatentVariableModel model = RunFactory.Model(config, data);
        Parameter bias = model.Parameters.Single(p => p.Name == "decoder.head.bias");
        Close.Require([0.001, 0.75, 0.999, 0.5], [.. bias.Value.Doubles().Select(b => 1 / (1 + Math.Exp(-b)))], 1e-6);
        Assert.NotEqual(bias.Value.Doubles(), RunFactory.Model(config).Parameters.Single(p => p.Name == bias.Name).Value.Doubles());
        RunConfig gaussian = config with { Model = config.Model with { Likelihood = "gaussian" } };
        Assert.Contains("output_bias", Assert.Throws<InvalidConfigException>(() => RunFactory.Model(gaussian, data)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ((MlpDecoder)(model is Vae vae ? vae.Decoder : ((LayeredVae)model).Decoder)).StartAt([0.5]));
    }

    [Fact]
    public void Adams_constants_reach_it_and_nothing_else_takes_them()
    {
        double After(OptimizerConfig optimizer)
        {
            RunConfig config = new() { Optimizer = optimizer with { LearningRate = 0.1 } };
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
            return 1 - 0.1 / (1 + epsilon) - 0.1 * (m / (1 - beta1 * beta1)) / (Math.Sqrt(v / (1 - beta2 * beta2)) + epsilon);
        }

        Close.Require(ByHand(0.9, 0.999, 1e-8), After(new OptimizerConfig()), 1e-12);
        Close.Require(ByHand(0.5, 0.9, 0.3), After(new OptimizerConfig { Beta1 = 0.5, Beta2 = 0.9, Epsilon = 0.3 }), 1e-12);
        Assert.Throws<InvalidConfigException>(() => After(new OptimizerConfig { Kind = "sgd", Epsilon = 0.3 }));
        Assert.Throws<InvalidConfigException>(() => After(new OptimizerConfig { Beta2 = 1 }));
        foreach (double epsilon in (double[])[double.NaN, 1e-50, 1e39, -1]) Assert.Throws<InvalidConfigException>(() => After(new OptimizerConfig { Epsilon = epsilon }));
        Assert.Throws<InvalidConfigException>(() => After(new OptimizerConfig { Beta1 = 0.99999999 }));
    }

    [Fact]
    public void Intermediate_results_are_counted_within_a_factor_of_three()
    {
        foreach (string kind in (string[])["mlp", "conv", "resnet"])
        {
            RunConfig config = RunFactory.Complete(Config(kind, "28,28"));
            var vae = (Vae)RunFactory.Model(config);
            ModelSize size = ModelSize.Of(config.Model, Likelihood.Bernoulli);
            Tensor x = Tensor.Full([20, 28, 28], 0.5);
            vae.Decode(vae.Encode(x)); // working memory that threads keep
            long before = GC.GetAllocatedBytesForCurrentThread();
            vae.Decode(vae.Encode(x)); // outside a scope: every tensor is garbage of its own
            double elements = (GC.GetAllocatedBytesForCurrentThread() - before) / 4.0 / 20;
            Assert.InRange(elements, (size.Encoder + size.Decoder) / 3, 3 * (size.Encoder + size.Decoder));
        }
    }

    [Fact]
    public void What_the_configuration_leaves_open_is_spelt_out_by_kind_and_shape()
    {
        ModelConfig mlp = RunFactory.Complete(Config("mlp", "28,28")).Model, conv = RunFactory.Complete(Config("conv", "3,64,64")).Model;
        ModelConfig resnet = RunFactory.Complete(Config("resnet", "28,28")).Model, unknown = RunFactory.Complete(Config("conv", "")).Model;
        Assert.Equal(([256, 256], [], "relu"), (mlp.Hidden!, mlp.Channels!, mlp.Activation), Same);
        Assert.Equal(([256], [32, 32, 64, 64], "relu"), (conv.Hidden!, conv.Channels!, conv.Activation), Same);
        Assert.Equal(([], [32, 64], "silu"), (resnet.Hidden!, resnet.Channels!, resnet.Activation), Same);
        Assert.True(unknown.Hidden is null && unknown.Channels is null);
    }

    [Fact]
    public void What_was_said_stays_and_a_complete_configuration_is_read_back_the_same()
    {
        RunConfig config = RunFactory.Complete(Config("resnet", "28,28", m => m with { Hidden = [7], Channels = [5], Activation = "tanh", Blocks = 3, Attention = true }));
        Assert.Equal("resnet, latent 8, channels 5, blocks 3 with attention, hidden 7, tanh", config.Model.Description);
        string text = RunConfigJson.Write(config);
        Assert.Equal(text, RunConfigJson.Write(RunConfigJson.Read(text, "test")));
        // A run of a version that knew mlps only.
        RunConfig old = RunConfigJson.Read("""{ "model": { "kind": "mlp", "event_shape": [784], "hidden": [500], "activation": "tanh" } }""", "old");
        Assert.Equal("mlp, latent 8, hidden 500, tanh", RunFactory.Complete(old).Model.Description);
    }

    [Theory]
    [InlineData("model.kind 'convnet'", "convnet", "28,28", "")]
    [InlineData("are no images", "conv", "784", "")]
    [InlineData("cannot be halved 3 times", "conv", "28,28", "8,8,8")]
    [InlineData("at most 2 channel counts", "resnet", "28,20", "8,8,8")]
    [InlineData("Channels come first: [3, 32, 32]", "conv", "32,32,3", "")]
    [InlineData("model.channels lies between 1 and 4096", "conv", "28,28", "0,8")]
    [InlineData("model.channels lies between 1 and 4096", "conv", "28,28", "8,5000")]
    [InlineData("parameters", "conv", "64,64", "4096,4096,4096")]
    [InlineData("parameters", "conv", "65536,2048", "1")]
    [InlineData("model.channels belongs to", "mlp", "28,28", "8")]
    [InlineData("more than 200,000,000 elements", "conv", "65536,65536,65536", "1")]
    [InlineData("1 to 16", "conv", "28,28", "none")]
    public void Models_that_cannot_be_are_refused_in_a_sentence(string words, string kind, string eventShape, string channels)
    {
        RunConfig config = Config(kind, eventShape, m => channels.Length == 0 ? m : m with { Channels = channels == "none" ? [] : Numbers(channels) });
        Assert.Contains(words, Assert.Throws<InvalidConfigException>(() => RunFactory.Model(config)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Steps_that_would_not_fit_into_memory_are_refused()
    {
        foreach (string kind in (string[])["mlp", "conv", "resnet"])
        {
            RunConfig config = Config(kind, "64,64");
            foreach (RunConfig large in (RunConfig[])[config with { Training = new() { Batch = 1_000_000 } }, config with { Objective = new() { Samples = 100_000 } }])
                Assert.Contains("GB for intermediate results", Assert.Throws<InvalidConfigException>(() => RunFactory.Model(large)).Message, StringComparison.Ordinal);
        }

        // Pairs of a batch's data under each latent, pairs of draws, a matrix of latents, pseudo-inputs that are encoded: what an objective or a prior makes by itself.
        foreach (RunConfig pairs in (RunConfig[])
        [
            Config("mlp", "6") with { Objective = new() { Kind = "beta-tcvae" }, Training = new() { Batch = 65_536 } },
            Config("mlp", "6") with { Objective = new() { Kind = "wae-mmd" }, Training = new() { Batch = 20_000 } },
            Config("mlp", "6", m => m with { Posterior = "bernoulli" }) with { Objective = new() { Kind = "iwae", Samples = 10_000, Discrete = "score-function" } },
            Config("mlp", "6", m => m with { Latent = 60_000, Hidden = [4] }) with { Objective = new() { Kind = "dip-vae-i" }, Training = new() { Batch = 1 } },
            Config("conv", "64,64", m => m with { Channels = [256], Prior = "vamp:10000" }) with { Training = new() { Batch = 1 } },
        ])
            Assert.Matches("GB for intermediate results|One intermediate result", Assert.Throws<InvalidConfigException>(() => RunFactory.Model(pairs)).Message);

        // 196 data with 20 draws each, and 32 channels of 64 x 64 pixels before the last convolution: 5.1e8.
        RunConfig wide = Config("resnet", "3,64,64", m => m with { Channels = [32] }) with { Objective = new() { Samples = 20 }, Training = new() { Batch = 196 } };
        Assert.Contains("One intermediate result", Assert.Throws<InvalidConfigException>(() => RunFactory.Model(wide)).Message, StringComparison.Ordinal);
        Assert.Contains("model.attention belongs to 'resnet'", Assert.Throws<InvalidConfigException>(() => RunFactory.Model(Config("conv", "28,28", m => m with { Attention = true }))).Message, StringComparison.Ordinal);
        // 512 x 512 pixels that all look at each other: 2^36 scores a datum.
        Assert.Contains("GB", Assert.Throws<InvalidConfigException>(() => RunFactory.Model(Config("resnet", "1024,1024", m => m with { Channels = [8], Hidden = [1], Attention = true }))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Uncertain_weights_are_counted_and_belong_to_an_mlp_and_the_elbo()
    {
        RunConfig config = Config("mlp", "6", m => m with { Latent = 4, Hidden = [5], Weights = "bayesian" });
        LatentVariableModel with = RunFactory.Model(config), without = RunFactory.Model(config with { Model = config.Model with { Weights = "point" } });
        Assert.Equal(with.ParameterCount, ModelSize.Of(RunFactory.Complete(config).Model, Reparam.Models.Likelihood.Bernoulli).Parameters);
        // Scales for the decoder's 5 x 5 and 6 x 6 numbers.
        Assert.Equal(without.ParameterCount + 25 + 36, with.ParameterCount);
        Assert.Contains("bayesian weights", config.Model.Description, StringComparison.Ordinal);
        Assert.Equal(7, Assert.IsType<Reparam.Objectives.Elbo>(RunFactory.Objective(config, 7)).DataCount);
        Assert.Contains("iwae", Assert.Throws<InvalidConfigException>(() => RunFactory.Objective(config with { Objective = new() { Kind = "iwae" } })).Message, StringComparison.Ordinal);
        Assert.Contains("belongs to 'mlp'", Assert.Throws<InvalidConfigException>(() => RunFactory.Model(Config("conv", "8,8", m => m with { Weights = "bayesian" }))).Message, StringComparison.Ordinal);
        Assert.Contains("unknown", Assert.Throws<InvalidConfigException>(() => RunFactory.Model(Config("mlp", "6", m => m with { Weights = "bayes" }))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("planar:3")]
    [InlineData("sylvester:2")]
    [InlineData("iaf:2")]
    [InlineData("coupling:2")]
    [InlineData("spline:1")]
    [InlineData("bnaf:2")]
    public void Flow_posteriors_have_the_number_of_parameters_that_was_bounded(string posterior)
    {
        foreach (RunConfig config in new[]
        {
            Config("mlp", "6", m => m with { Latent = 4, Hidden = [5], Posterior = posterior }), Config("mlp", "6", m => m with { Latent = 4, Hidden = [], Posterior = posterior }),
            Config("conv", "8,8", m => m with { Latent = 4, Channels = [3], Hidden = [], Posterior = posterior }), Config("resnet", "8,8", m => m with { Latent = 4, Channels = [3], Hidden = [7], Posterior = posterior }),
        })
        {
            LatentVariableModel with = RunFactory.Model(config), without = RunFactory.Model(config with { Model = config.Model with { Posterior = "normal" } });
            double counted = ModelSize.Of(RunFactory.Complete(config).Model, Reparam.Models.Likelihood.Bernoulli).Parameters;
            Assert.Equal(with.ParameterCount, counted);
            Assert.True(with.ParameterCount > without.ParameterCount);
            Assert.Contains($"posterior {posterior}", config.Model.Description, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("bernoulli", 4, 4)]
    [InlineData("categorical:3", 12, 12)]
    public void Discrete_posteriors_are_built_as_named_and_counted_as_built(string posterior, int outputs, int size)
    {
        RunConfig config = RunFactory.Complete(Config("mlp", "6", m => m with { Latent = 4, Hidden = [5], DecoderHidden = [7, 3], Posterior = posterior }));
        var vae = (Reparam.Models.Vae)RunFactory.Model(config);
        Assert.Equal(ModelSize.Of(config.Model, Reparam.Models.Likelihood.Bernoulli).Parameters, vae.ParameterCount);
        Assert.Equal([outputs, 5], vae.Parameters.Single(p => p.Name == "encoder.head.weight").Shape);
        Assert.Equal([7, size], vae.Parameters.Single(p => p.Name == "decoder.hidden.0.weight").Shape);
        Assert.Equal($"mlp, latent 4, hidden 5, decoder hidden 7,3, posterior {posterior}, relu", config.Model.Description);
        Assert.Contains("Gumbel-Softmax, temperature exponential", RunFactory.Objective(config with { Objective = new() { TemperatureRate = 1e-4 } }).Name, StringComparison.Ordinal);
        Assert.Contains("straight-through", RunFactory.Objective(config with { Objective = new() { Discrete = "straight-through" } }).Name, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("outcomes lies between 2 and 1000", "categorical:1", "elbo", "gumbel-softmax", "closed-form-kl")]
    [InlineData("'bernoulli:3' is unknown", "bernoulli:3", "elbo", "gumbel-softmax", "closed-form-kl")]
    [InlineData("did you mean 'score-function'", "bernoulli", "elbo", "score-functions", "closed-form-kl")]
    [InlineData("VIMCO", "bernoulli", "iwae", "gumbel-softmax", "sampled")]
    [InlineData("objective.samples of at least 2", "bernoulli", "iwae", "score-function", "sampled")]
    [InlineData("leave it at 'closed-form-kl'", "bernoulli", "elbo", "score-function", "sticking-the-landing")]
    [InlineData("leave it at 'closed-form-kl'", "bernoulli", "elbo", "gumbel-softmax", "sampled")]
    public void Discrete_settings_that_do_not_fit_are_refused_with_what_does(string words, string posterior, string objective, string discrete, string estimator)
    {
        RunConfig config = Config("mlp", "6", m => m with { Posterior = posterior }) with { Objective = new() { Kind = objective, Discrete = discrete, Estimator = estimator } };
        string message = Assert.Throws<InvalidConfigException>(() => RunFactory.Objective(config)).Message;
        Assert.Contains(words, message, StringComparison.OrdinalIgnoreCase);
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
    public void Objectives_are_built_by_name_and_say_whether_they_are_bounds(string kind, int samples, string words, bool isBound)
    {
        Objective objective = RunFactory.Objective(Config("mlp", "6") with { Objective = new() { Kind = kind, Samples = samples } }, 100);
        Assert.Contains(words, objective.Name, StringComparison.Ordinal);
        Assert.Equal(isBound, objective.IsLowerBound(0));
        Assert.Equal(samples, objective.Samples);
    }

    [Fact]
    public void InfoVAE_leaves_out_a_part_of_the_KL_and_weighs_the_discrepancy_by_what_that_adds()
    {
        var elbo = (Elbo)RunFactory.Objective(Config("mlp", "6") with { Objective = new() { Kind = "info-vae", Alpha = 0.3, Penalty = 50 } }, 100);
        var posterior = new DiagonalNormal(GradientCheck.Values([6, 2], -1, 1), Tensor.Full([6, 2], 0.6, DType.Float64));
        var pass = new InferencePass(Tensor.Zeros([1, 6], DType.Float64), [LatentTerm.Draw("z", posterior, DiagonalNormal.Standard(2, DType.Float64), new Rng(4), 1)]);
        (double kl, double discrepancy) = (new Elbo().Evaluate(pass, 0).KL.Item(), new AggregateDiscrepancy(1).Evaluate(pass).Item());
        Assert.True(kl > 0.1 && Math.Abs(discrepancy) > 0.01, "the test's terms are not 0");
        Assert.Equal(0.7, elbo.Beta.At(0), 15);
        Close.Require(49.3 * discrepancy, Assert.Single(elbo.Penalties).Evaluate(pass).Item(), 1e-12, "alpha + lambda - 1");
        Close.Require(0.7 * kl + 49.3 * discrepancy, elbo.Evaluate(pass, 0).Loss.Item(), 1e-12);
    }

    [Fact]
    public void Terms_beside_the_bound_are_named_where_they_act()
    {
        string Name(Func<ModelConfig, ModelConfig> change, int labels = -1) =>
            RunFactory.Objective(Config("conv", "8,8", m => change(m with { Channels = [4], Hidden = [] })) with { Data = new() { Labels = labels } }, 100).Name;
        Assert.EndsWith("KL in closed form where there is one)", Name(m => m), StringComparison.Ordinal);
        Assert.EndsWith("; commitment to a codebook x 0.25)", Name(m => m with { Family = "vq-vae", Codes = 6 }), StringComparison.Ordinal);
        // 0.1 of every datum, over the quarter that was told.
        Assert.EndsWith("; enumeration; log q(y|x) of told classes x 0.4)", Name(m => m with { Family = "semi-supervised", Classes = 4, Hidden = null }, labels: 25), StringComparison.Ordinal);
        Assert.EndsWith("; enumeration)", Name(m => m with { Family = "semi-supervised", Classes = 4, Hidden = null }, labels: 0), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alpha", "beta-tcvae", "objective.alpha belongs to")]
    [InlineData("penalty", "elbo", "objective.penalty belongs to")]
    [InlineData("low penalty", "beta-tcvae", "at least 1")]
    [InlineData("capacity steps", "elbo", "an objective.capacity to rise to")]
    [InlineData("beta", "wae-mmd", "leave objective.beta at 1")]
    [InlineData("beta", "renyi", "no KL term of its own")]
    [InlineData("groups", "miwae", "cannot be divided into 4 groups")]
    [InlineData("groups", "iwae", "objective.groups belongs to")]
    [InlineData("", "piwae", "a multiple of 8")]
    [InlineData("temperature", "elbo", "belong to discrete latents")]
    [InlineData("many alpha", "ciwae", "from 0 to 1")]
    [InlineData("low penalty", "info-vae", "which is negative here")]
    [InlineData("patience", "wae-mmd", "set training.patience to 0")]
    [InlineData("", "rws", "2 or more")]
    [InlineData("", "beta-tcvea", "did you mean 'beta-tcvae'")]
    public void Settings_of_another_objective_are_refused(string setting, string kind, string words)
    {
        ObjectiveConfig objective = new() { Kind = kind, Samples = kind == "rws" ? 1 : 6 };
        objective = setting switch
        {
            "alpha" => objective with { Alpha = 0.5 },
            "many alpha" => objective with { Alpha = 1.5 },
            "penalty" => objective with { Penalty = 3 },
            "low penalty" => objective with { Penalty = 0.5 },
            "capacity steps" => objective with { CapacitySteps = 5 },
            "beta" => objective with { Beta = 2 },
            "groups" => objective with { Groups = 4 },
            "temperature" => objective with { Temperature = 0.5 },
            _ => objective,
        };
        Assert.Contains(words, Assert.Throws<InvalidConfigException>(() => RunFactory.Objective(Config("mlp", "6") with { Objective = objective, Training = new() { Patience = setting == "patience" ? 3 : 0 } })).Message, StringComparison.OrdinalIgnoreCase);
    }

    private static bool Same((IReadOnlyList<int>, IReadOnlyList<int>, string?) a, (IReadOnlyList<int>, IReadOnlyList<int>, string?) b) =>
        a.Item1.SequenceEqual(b.Item1) && a.Item2.SequenceEqual(b.Item2) && a.Item3 == b.Item3;

    private static RunConfig Config(string kind, string eventShape, Func<ModelConfig, ModelConfig>? change = null)
    {
        var model = new ModelConfig { Kind = kind, EventShape = Numbers(eventShape) };
        return new RunConfig { Model = change is null ? model : change(model) };
    }

    private static int[] Numbers(string text) => text.Length == 0 ? [] : [.. text.Split(',').Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
}
