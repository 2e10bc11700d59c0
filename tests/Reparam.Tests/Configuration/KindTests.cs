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
            kind.Default.Require(kind.Name);
        }
    }

    [Fact]
    public void Later_layer_that_names_another_kind_keeps_what_was_given_and_fits()
    {
        var tree = new ConfigurationTree(new RunSettings(), Catalog.BuiltIn);
        tree.Overlay(JsonNode.Parse("""{ "objective": { "kind": "iwae", "samples": 5, "estimator": "sampled" } }""")!.AsObject(), "file");
        tree.Set([("objective", "elbo", "--objective")]);
        var settings = (RunSettings)tree.Read("test");
        Assert.Equal(new ElboSettings { Samples = 5, Estimator = ElboEstimator.Sampled }, settings.Objective);
        Assert.Equal("--objective", tree.Sources["objective.kind"]);
        Assert.Equal("file", tree.Sources["objective.samples"]);

        // Defaults of the old kind are no values that were given.
        tree.Set([("objective", "rws", "--objective")]);
        Assert.Equal(5, ((RunSettings)tree.Read("test")).Objective.Samples);
        var fresh = new ConfigurationTree(new RunSettings(), Catalog.BuiltIn);
        fresh.Set([("objective", "wae-mmd", "a")]);
        fresh.Set([("objective", "info-vae", "b")]);
        Assert.Equal(1000, ((Reparam.Objectives.Penalties.InfoVaeSettings)((RunSettings)fresh.Read("test")).Objective).Penalty);
    }

    [Fact]
    public void Kinds_of_one_layer_come_before_their_settings()
    {
        RunSettings settings = Configured.With("model.posterior.maps=3", "objective.penalty=2", "objective=factor-vae", "model.posterior=iaf");
        Assert.Equal(3, ((VaeSettings)settings.Model).Posterior is Reparam.Models.Flows.FlowSettings flow ? flow.Maps : 0);
        Assert.Equal(2, Assert.IsType<Reparam.Objectives.Penalties.FactorVaeSettings>(settings.Objective).Penalty);
    }

    [Theory]
    [InlineData("""{ "model": { "prior": "vamp:5" } }""", 5)]
    [InlineData("""{ "model": { "prior": { "kind": "vamp", "components": 7 } } }""", 7)]
    [InlineData("""{ "model": { "prior": { "kind": "vamp" } } }""", 500)]
    public void Section_is_a_word_or_an_object(string json, int components) =>
        Assert.Equal(new VampPriorSettings { Components = components }, RunSettingsJson.Read(json, "test").Model.Prior);

    [Theory]
    [InlineData("""{ "objective": { "kind": "elbo", "groups": 4 } }""", "test: objective.groups belongs to 'miwae' and 'piwae', not to 'elbo'; leave it out.")]
    [InlineData("""{ "objective": { "bta": 4 } }""", "test: unknown key 'objective.bta'. Did you mean 'beta'?")]
    [InlineData("""{ "objective": { "kind": 3 } }""", "test: 'objective.kind' takes a text, not 3.")]
    [InlineData("""{ "objective": { "beta": null } }""", "test: 'objective.beta' has no value.")]
    [InlineData("""{ "objective": { "beta": "0,5" } }""", "test: 'objective.beta' takes a number, not \"0,5\"; numbers are written with a point and without quotes: 0.5.")]
    [InlineData("""{ "objective": 4 }""", "test: 'objective' is a section and takes an object.")]
    [InlineData("""{ "training": "fast" }""", "test: 'training' is a section and takes an object.")]
    [InlineData("""{ "training": { "seed": -1 } }""", "test: 'training.seed' takes a whole number from 0 to 18446744073709551615, not -1.")]
    [InlineData("""{ "training": { "epochs": 1.5 } }""", "test: 'training.epochs' takes a whole number, not 1.5.")]
    [InlineData("""{ "optimizer": { "learning_rate": 1e999 } }""", "test: 'optimizer.learning_rate' takes a finite number, not 1e999.")]
    [InlineData("""{ "model": { "network": { "hidden": [4, "x"] } } }""", "test: 'model.network.hidden' takes whole numbers, such as 500,500 (in JSON [500, 500]), not [4,\"x\"].")]
    [InlineData("""{ "schema": 3 }""", "test: schema 3 is not known to this version, which reads schema 2; use a newer Reparam.")]
    [InlineData("[]", "test: a configuration is a JSON object.")]
    public void Wrong_values_are_refused_with_their_place(string json, string message) =>
        Assert.Equal(message, Assert.Throws<InvalidConfigException>(() => RunSettingsJson.Read(json, "test")).Message);

    [Fact]
    public void Kind_of_one_s_own_is_configured_made_and_refused_like_any_other()
    {
        RunSettings settings = RunSettingsJson.Read("""{ "model": { "event_shape": [4], "prior": "half:0.25" } }""", "test", s_own);
        LatentVariableModel model = RunFactory.Model(settings);
        Assert.IsType<HalfPrior>(((Vae)model).Prior);
        Assert.Equal("half:0.25", settings.Model.Prior.Word);
        Assert.Contains("half:0.5", Flag.Of(RunSettings.Definition, s_own).Single(f => f.Name == "--prior").Kinds.Select(k => k.Default.Word));
        Assert.Contains("prior 'half:2': the scale is a number of at least 0 and at most 1", Refused("half:2"), StringComparison.Ordinal);
        Assert.Contains("Did you mean 'half'", Refused("hal"), StringComparison.Ordinal);
        Assert.Throws<InvalidConfigException>(() => RunSettingsJson.Read("""{ "model": { "prior": "half" } }""", "test"));
        Assert.Throws<ArgumentException>(() => s_own.With(HalfPriorSettings.Definition));

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
            Setting.Real<HalfPriorSettings>("scale", s => s.Scale, (s, v) => s with { Scale = v }, "scale", new Bounds(0, 1)).AfterColon());

        public override Kind Kind => Definition;

        public double Scale { get; init; } = 0.5;

        public override Prior Make(PriorParts parts) => new HalfPrior(parts.Latent, Scale);
    }
}
