using System.Text.Json.Nodes;
using Reparam.Configuration;
using Reparam.Models;
using Reparam.Objectives;
using Reparam.Runs;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Configuration;

/// <summary>A configuration is put together from kinds, and a kind of one's own is one of them.</summary>
public sealed class KindTests
{
    private static readonly Catalog s_own = Catalog.BuiltIn.With(HalfPriorSettings.Definition);

    [Fact]
    public void Options_are_unique_and_cover_the_kinds()
    {
        IReadOnlyList<Flag> flags = Flag.Of(RunSettings.Definition, Catalog.BuiltIn);
        Assert.Equal(flags.Count, flags.Select(f => f.Name).Distinct().Count());
        Assert.Equal("objective.penalty", flags.Single(f => f.Name == "--penalty").Path);
        Assert.Equal("model.network.hidden", flags.Single(f => f.Name == "--hidden").Path);
        Assert.Contains("vamp", flags.Single(f => f.Name == "--prior").Kinds.Select(k => k.Name));
    }

    [Fact]
    public void Every_kind_is_written_and_read_back_the_same()
    {
        foreach (Kind kind in Catalog.BuiltIn.Of<Settings>())
        {
            JsonObject json = kind.Default.ToJson();
            Assert.Equal(kind.Name, (string?)json["kind"]);
            Assert.Equal(kind.Settings.Count + 1, json.Count);
            // How fast a rate falls is nobody's default.
            if (kind.Default is not (
                Reparam.Training.Optimizers.FallingRateSettings or Reparam.Training.Optimizers.ExponentialRateSettings))
                kind.Default.Require(kind.Name);
        }
    }

    [Fact]
    public void Later_layer_that_names_another_kind_keeps_what_was_given_and_fits()
    {
        var tree = new ConfigurationTree(new RunSettings(), Catalog.BuiltIn);
        tree.Overlay(JsonNode.Parse(
            """{ "objective": { "kind": "iwae", "samples": 5, "estimator": "sampled" } }""")!.AsObject(), "file");
        tree.Set([("objective", "elbo", "--objective")]);
        var settings = (RunSettings)tree.Read("test");
        Assert.Equal(new ElboSettings { Samples = 5 }, settings.Objective);
        Assert.Equal("--objective", tree.Sources["objective.kind"]);
        Assert.Equal("file", tree.Sources["objective.samples"]);

        // Defaults of the old kind are no values that were given.
        tree.Set([("objective", "rws", "--objective")]);
        Assert.Equal(5, ((RunSettings)tree.Read("test")).Objective.Samples);
        // A value that is the old kind's default, or that means something else to the new one, goes with the old kind.
        var printed = new ConfigurationTree(new RunSettings(), Catalog.BuiltIn);
        printed.Overlay(RunSettingsJson.Parse(RunSettingsJson.Write(new RunSettings()), "file"), "file");
        printed.Set([("objective", "iwae", "a"), ("model.network", "resnet", "b")]);
        RunSettings changed = (RunSettings)printed.Read("test");
        Assert.Equal(new IwaeSettings(), changed.Objective);
        Assert.Equal(new ResidualNetworkSettings(), changed.Model.Network);
        Assert.Equal(2, ((Reparam.Models.Flows.FlowSettings)((VaeSettings)Configured.With(
            "model.posterior=planar:20").With("model.posterior=iaf").Model).Posterior).Maps);
        var fresh = new ConfigurationTree(new RunSettings(), Catalog.BuiltIn);
        fresh.Set([("objective", "wae-mmd", "a")]);
        fresh.Set([("objective", "info-vae", "b")]);
        Assert.Equal(
            1000, ((Reparam.Objectives.Penalties.InfoVaeSettings)((RunSettings)fresh.Read("test")).Objective).Penalty);
    }

    [Fact]
    public void Kinds_of_one_layer_come_before_their_settings()
    {
        RunSettings settings = Configured.With(
            "model.posterior.maps=3", "objective.penalty=2", "objective=factor-vae", "model.posterior=iaf");
        Assert.Equal(
            3, ((VaeSettings)settings.Model).Posterior is Reparam.Models.Flows.FlowSettings flow ? flow.Maps : 0);
        Assert.Equal(2, Assert.IsType<Reparam.Objectives.Penalties.FactorVaeSettings>(settings.Objective).Penalty);
    }

    [Fact]
    public void Of_two_words_for_a_section_or_two_numbers_the_last_holds()
    {
        Assert.IsType<ElboSettings>(Configured.With("objective.kind=iwae", "objective=elbo").Objective);
        Assert.IsType<IwaeSettings>(Configured.With("objective=elbo", "objective.kind=iwae").Objective);
        Assert.Equal(new VampPriorSettings { Components = 5 },
            Configured.With("model.prior.components=7", "model.prior=vamp:5").Model.Prior);
        Assert.Equal(new VampPriorSettings { Components = 7 },
            Configured.With("model.prior=vamp:5", "model.prior.components=7").Model.Prior);
        Assert.Equal(new MixturePriorSettings { Components = 3 },
            Configured.With("model.prior=vamp:5", "model.prior=mixture:3").Model.Prior);
    }

    [Theory]
    [InlineData("cosine", "optimizer.schedule.decay_steps of at least 1")]
    [InlineData("exponential", "optimizer.schedule.decay_factor, such as 0.9999")]
    public void Rate_that_falls_needs_to_be_told_how_fast(string kind, string words) => Assert.Contains(
        words, Assert.Throws<InvalidConfigException>(
            () => Configured.With($"optimizer.schedule={kind}").Require()).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(
        """
        { "schema": 1, "model": { "family": "semi-supervised" },
          "objective": { "discrete": "gumbel-softmax", "temperature": 0.7 } }
        """,
        "objective.discrete=gumbel-softmax", "objective.discrete.temperature=0.7", "model=semi-supervised")]
    [InlineData(
        """{ "schema": 1, "model": { "posterior": "bernoulli" }, "objective": { "discrete": "gumbel-softmax" } }""",
        "model.posterior=bernoulli")]
    [InlineData("""{ "schema": 1, "model": { "hidden": null, "activation": null, "channels": null } }""")]
    [InlineData("""{ "schema": 1, "optimizer": { "schedule": "constant", "decay_steps": 3, "decay_factor": 0.5 } }""")]
    [InlineData("""{ "schema": 1, "optimizer": { "schedule": "exponential", "decay_steps": 5 } }""",
        "optimizer.schedule=exponential", "optimizer.schedule.decay_factor=0")]
    [InlineData("""{ "schema": 1, "objective": { "sampling": "weighted" } }""")]
    [InlineData(
        """
        { "schema": 1,
          "objective": { "kind": "renyi", "samples": 4, "alpha": 0.3, "estimator": "closed-form-kl" } }
        """,
        "objective=renyi", "objective.samples=4", "objective.order=0.3")]
    public void First_schema_means_what_it_meant(string json, params string[] values) => Assert.Equal(
        RunSettingsJson.Write(Configured.With(["data.binarization=none", .. values])),
        RunSettingsJson.Write(RunSettingsJson.Read(json, "test")));

    [Theory]
    [InlineData("""{ "model": { "kind": "vae", "condition": "labels", "classes": 3 } }""", "model.condition=labels",
        "model.context=3")]
    [InlineData("""{ "model": { "kind": "semi-supervised", "classes": 3 } }""", "model=semi-supervised",
        "model.classes=3")]
    [InlineData("""{ "schema": 1, "data": { "binarization": "none" }, "model": { "family": "vae", "classes": 0 } }""")]
    public void Width_of_the_condition_is_read_by_its_old_name(string json, params string[] values) => Assert.Equal(
        RunSettingsJson.Write(Configured.With(values)).Replace(
            "\"binarization\": \"auto\"", "\"binarization\": \"none\"", StringComparison.Ordinal),
        RunSettingsJson.Write(RunSettingsJson.Read(json, "test")).Replace(
            "\"binarization\": \"auto\"", "\"binarization\": \"none\"", StringComparison.Ordinal));

    [Theory]
    [InlineData("""{ "model": { "prior": "vamp:5" } }""", 5)]
    [InlineData("""{ "model": { "prior": { "kind": "vamp", "components": 7 } } }""", 7)]
    [InlineData("""{ "model": { "prior": { "kind": "vamp" } } }""", 500)]
    public void Section_is_a_word_or_an_object(string json, int components) =>
        Assert.Equal(new VampPriorSettings { Components = components }, RunSettingsJson.Read(json, "test").Model.Prior);

    [Theory]
    [InlineData("""{ "objective": { "kind": "elbo", "groups": 4 } }""", "test: objective.groups belongs to 'miwae' " +
        "and 'piwae', not to 'elbo'; leave it out, or name a kind that has it in the same section.")]
    [InlineData("""{ "objective": { "bta": 4 } }""", "test: unknown key 'objective.bta'. Did you mean 'beta'?")]
    [InlineData("""{ "objective": { "kind": 3 } }""", "test: 'objective.kind' takes a text, not 3.")]
    [InlineData("""{ "objective": { "beta": null } }""", "test: 'objective.beta' has no value.")]
    [InlineData("""{ "objective": { "beta": "0,5" } }""", "test: 'objective.beta' takes a number, not \"0,5\"; " +
        "numbers are written with a point and without quotes: 0.5.")]
    [InlineData("""{ "objective": 4 }""", "test: 'objective' is a section and takes an object.")]
    [InlineData("""{ "training": "fast" }""", "test: 'training' is a section and takes an object.")]
    [InlineData("""{ "training": { "seed": -1 } }""", "test: 'training.seed' takes a whole number from 0 to " +
        "18446744073709551615, not -1.")]
    [InlineData("""{ "training": { "epochs": 1.5 } }""", "test: 'training.epochs' takes a whole number, not 1.5.")]
    [InlineData("""{ "optimizer": { "learning_rate": 1e999 } }""", "test: 'optimizer.learning_rate' takes a finite " +
        "number, not 1e999.")]
    [InlineData("""{ "model": { "network": { "hidden": [4, "x"] } } }""", "test: 'model.network.hidden' takes whole " +
        "numbers, such as 500,500 (in JSON [500, 500]), not [4,\"x\"].")]
    [InlineData("""{ "schema": 3 }""", "test: schema 3 is not known to this version, which reads schemas 1 to 2; use " +
        "a newer Reparam.")]
    [InlineData("""{ "schema": 0 }""", "test: there is no schema 0; the schemas are 1 to 2.")]
    [InlineData(
        """{ "data": { "name": "\ud800" } }""", "test: a name or a text is not valid Unicode, because half of a " +
        "surrogate pair (\\uD800 to \\uDFFF) stands alone; write both halves, or another character.")]
    [InlineData("""{ "model": { "latent": 1000000000000 } }""", "test: model.latent lies between 1 and 65536, not " +
        "1000000000000.")]
    [InlineData("[]", "test: a configuration is a JSON object.")]
    public void Wrong_values_are_refused_with_their_place(string json, string message) =>
        Assert.Equal(message, Assert.Throws<InvalidConfigException>(() => RunSettingsJson.Read(json, "test")).Message);

    [Fact]
    public void Kind_of_one_s_own_is_configured_made_and_refused_like_any_other()
    {
        RunSettings settings = RunSettingsJson.Read(
            """{ "model": { "event_shape": [4], "prior": "half:0.25" } }""", "test", s_own);
        LatentVariableModel model = RunFactory.Model(settings);
        Assert.IsType<HalfPrior>(((Vae)model).Prior);
        Assert.Equal("half:0.25", settings.Model.Prior.Word);
        Assert.Contains("half:0.5",
            Flag.Of(RunSettings.Definition, s_own).Single(f => f.Name == "--prior").Kinds.Select(k => k.Default.Word));
        Assert.Contains("prior 'half:2': the scale is a number of at least 0 and at most 1", Refused("half:2"),
            StringComparison.Ordinal);
        Assert.Contains("Did you mean 'half'", Refused("hal"), StringComparison.Ordinal);
        Assert.Throws<InvalidConfigException>(
            () => RunSettingsJson.Read("""{ "model": { "prior": "half" } }""", "test"));
        Assert.Throws<ArgumentException>(() => s_own.With(HalfPriorSettings.Definition));
        Assert.Equal(
            "test", RunSettingsJson.Read("""{ "$schema": "x.json", "data": { "name": "test" } }""", "test").Data.Name);

        static string Refused(string word) => Assert.Throws<InvalidConfigException>(
            () => RunSettingsJson.Read($$"""{ "model": { "prior": "{{word}}" } }""", "test", s_own)).Message;
    }

    [Fact]
    public void Schema_describes_every_kind()
    {
        JsonObject schema = JsonNode.Parse(RunSettingsJson.Schema())!.AsObject();
        JsonArray objectives = schema["properties"]!["objective"]!["anyOf"]!.AsArray();
        Assert.Equal(Catalog.BuiltIn.Of<ObjectiveSettings>().Count + 1, objectives.Count);
        JsonNode tcvae = objectives.Single(o => (string?)o!["properties"]?["kind"]?["const"] == "beta-tcvae")!;
        Assert.Equal(1, (double?)tcvae["properties"]!["penalty"]!["minimum"]);
        Assert.Equal(6, (double?)tcvae["properties"]!["penalty"]!["default"]);
    }

    private sealed class HalfPrior(int latent, double scale) : Prior
    {
        public override Reparam.Distributions.Distribution Distribution { get; } =
            new Reparam.Distributions.DiagonalNormal(Tensor.Zeros([latent]), Tensor.Full([latent], scale));
    }

    private sealed record HalfPriorSettings : PriorSettings
    {
        public static Kind Definition { get; } = Kind.Of<HalfPriorSettings>(
            "half", "a narrow normal",
            Setting.Real<HalfPriorSettings>(
                "scale", s => s.Scale, (s, v) => s with { Scale = v }, "scale", new Bounds(0, 1)).AfterColon());

        public override Kind Kind => Definition;

        public double Scale { get; init; } = 0.5;

        public override Prior Make(PriorParts parts) => new HalfPrior(parts.Latent, Scale);
    }
}
