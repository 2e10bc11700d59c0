using Reparam.Configuration;
using Reparam.Data;
using Reparam.Distributions;
using Reparam.Models;
using Reparam.Objectives;
using Reparam.Objectives.Penalties;
using Reparam.Runs;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Configuration;

/// <summary>Mistakes in kinds and parts of one's own are told with what to do about them.</summary>
public sealed class OwnPartsTests
{
    private static readonly Dataset s_reals = Dataset.FromValues("reals", [2], [-3, 5, 812, 7]);

    [Fact]
    public void Real_numbers_are_standardised_for_a_likelihood_of_one_s_own()
    {
        RunSettings free = new() { Model = new VaeSettings { Likelihood = new WideSettings() } };
        Assert.Equal(StandardizeBy.Columns, DataDefaults.Complete(free, s_reals).Data.Standardize);
        RunSettings asked = free with { Data = free.Data with { Standardize = StandardizeBy.Columns } };
        Assert.Equal(StandardizeBy.Columns, DataDefaults.Complete(asked, s_reals).Data.Standardize);
        asked = asked with { Model = new VaeSettings { Likelihood = new WideSettings { Whole = true } } };
        Assert.Contains("scores only discrete levels; set data.standardize to none",
            Assert.Throws<InvalidConfigException>(() => DataDefaults.Complete(asked, s_reals)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Key_of_one_s_own_has_an_option_where_another_kind_gives_it_after_a_colon()
    {
        Flag flag = Flag.Of(RunSettings.Definition, Catalog.BuiltIn.With(WideSettings.Definition)).Single(
            f => f.Name == "--scale");
        Assert.Equal(("model.likelihood.scale", "X"), (flag.Path, flag.Placeholder));
        Assert.Equal("wide", Assert.Single(flag.Owners).Kind.Name);
        Assert.False(flag.IsOfAll);
    }

    [Fact]
    public void Two_keys_of_one_option_are_told_how_to_get_two()
    {
        string message = Assert.Throws<ArgumentException>(
            () => Flag.Of(RunSettings.Definition, Catalog.BuiltIn.With(EpochsSettings.Definition))).Message;
        Assert.Contains("give one of them another option with Setting.WithFlag(...).", message,
            StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Kinds_that_cannot_be_are_refused_by_the_catalogue()
    {
        Refused("Give your kind another name, or register it once.", WideSettings.Definition, WideSettings.Definition);
        Refused("PointingSettings.Kind returns another kind ('wide') than the kind 'pointing'",
            PointingSettings.Definition);
        Refused("The name of the kind 'My Wide' may have only lower-case letters, digits and '-'",
            Kind.Of<WideSettings>("My Wide", "wide"));
        Refused("The key 'my key' of the kind 'wide' may have only lower-case letters, digits and '_'",
            Kind.Of<WideSettings>("wide", "wide", Setting.Truth<WideSettings>(
                "my key", s => s.Whole, (s, v) => s with { Whole = v }, "whole")));

        static void Refused(string words, params Kind[] kinds) => Assert.Contains(
            words, Assert.Throws<ArgumentException>(() => new Catalog(kinds)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Kind_of_another_program_in_a_saved_run_names_that_program()
    {
        const string text = """{ "model": { "likelihood": "wide" } }""", words = "If your own program made this run";
        Assert.Contains(words, Assert.Throws<InvalidConfigException>(
            () => RunSettingsJson.ReadSaved(text, "config.json")).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(words, Assert.Throws<InvalidConfigException>(
            () => RunSettingsJson.Read(text, "c.json")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encoder_without_a_head_is_told_to_add_one()
    {
        var encoder = new HeadlessEncoder();
        const string message =
            "HeadlessEncoder has no head. Call AddHead in its constructor, after all other children.";
        Assert.Equal(message, Assert.Throws<InvalidOperationException>(
            () => encoder.Given(Tensor.Zeros([1, 2]))).Message);
        Assert.Equal(message, Assert.Throws<InvalidOperationException>(() => encoder.Width).Message);
    }

    [Fact]
    public void Step_that_fails_in_a_part_of_one_s_own_does_not_blame_the_model_and_the_objective()
    {
        RunSettings settings = new()
        {
            Model = new VaeSettings { EventShape = [4], Prior = new LoosePriorSettings() },
        };
        string message = Assert.Throws<InvalidConfigException>(() => RunFactory.Check(settings, 10)).Message;
        Assert.StartsWith("A rehearsed training step failed: KL(", message, StringComparison.Ordinal);
        Assert.Contains("wrap it: new Independent(d, 1).", message, StringComparison.Ordinal);
        settings = settings with
        {
            Model = new VaeSettings { EventShape = [4] }, Objective = new VectorPenaltySettings(),
        };
        Assert.Contains("VectorPenalty.Evaluate) must return one number of shape [], but it returned shape [100]",
            Assert.Throws<InvalidConfigException>(() => RunFactory.Check(settings, 100)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Penalty_on_codes_names_itself_and_the_latent_that_depends_on_another()
    {
        RunSettings settings = Configured.With("model=ladder", "model.event_shape=8,8") with
        {
            Objective = new VectorPenaltySettings(),
        };
        Assert.Contains(
            "The penalty 'vector' uses the codes of independent latents, but 'z1' depends on another latent.",
            Assert.Throws<InvalidConfigException>(() => RunFactory.Check(settings, 100)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Likelihood_that_learns_a_scale_is_told_to_give_its_start()
    {
        RunSettings settings = new()
        {
            Model = new VaeSettings { EventShape = [2], Likelihood = new WideSettings { Learns = true } },
        };
        Assert.Equal("The likelihood 'wide' says LearnsScale, so it must override RawScale.",
            Assert.Throws<NotSupportedException>(() => RunFactory.Model(settings, s_reals)).Message);
    }

    private sealed class Wide(bool whole, bool learns) : Likelihood
    {
        public override string Name => "wide";

        public override int OutputsPerElement => 1;

        public override bool IsDiscrete => whole;

        public override bool IsBounded => false;

        public override bool LearnsScale => learns;

        public override IReadOnlyList<(string Name, double Initial)> LearnedScalars => learns ? [("scale", 1)] : [];

        protected internal override Distribution Elements(
            Tensor raw, Shape eventShape, IReadOnlyList<Tensor> learned) =>
            new Laplace(Shaped(raw, eventShape), Tensor.Scalar(1));
    }

    private sealed record WideSettings : LikelihoodSettings
    {
        public static Kind Definition { get; } = Kind.Of<WideSettings>(
            "wide", "wide", Setting.Real<WideSettings>(
                "scale", s => s.Scale, (s, v) => s with { Scale = v }, "scale of the wide noise", Bounds.NonNegative));

        public override Kind Kind => Definition;

        public double Scale { get; init; } = 1;

        public bool Whole { get; init; }

        public bool Learns { get; init; }

        public override Likelihood Make() => new Wide(Whole, Learns);
    }

    private sealed record PointingSettings : LikelihoodSettings
    {
        public static Kind Definition { get; } = Kind.Of<PointingSettings>("pointing", "wrong");

        public override Kind Kind => WideSettings.Definition;

        public override Likelihood Make() => new Wide(false, false);
    }

    private sealed record EpochsSettings : LikelihoodSettings
    {
        public static Kind Definition { get; } = Kind.Of<EpochsSettings>("epochs", "a key with a taken option",
            Setting.Whole<EpochsSettings>("epochs", s => s.Epochs, (s, v) => s with { Epochs = v }, "number"));

        public override Kind Kind => Definition;

        public int Epochs { get; init; }

        public override Likelihood Make() => new Wide(false, false);
    }

    private sealed class HeadlessEncoder() : NetworkEncoder(2, null)
    {
        public override Tensor Hidden(Tensor x) => x;
    }

    private sealed class LoosePrior(int latent) : Prior
    {
        public override Distribution Distribution { get; } =
            new Normal(Tensor.Zeros([latent]), Tensor.Full([latent], 1));
    }

    private sealed record LoosePriorSettings : PriorSettings
    {
        public static Kind Definition { get; } = Kind.Of<LoosePriorSettings>("loose", "variables without a product");

        public override Kind Kind => Definition;

        public override Prior Make(PriorParts parts) => new LoosePrior(parts.Latent);
    }

    private sealed class VectorPenalty : Penalty
    {
        public override string Name => "vector";

        public override bool IsNonNegative => true;

        public override bool NeedsPath => true;

        public override Tensor Evaluate(InferencePass pass) => Codes(pass).Abs().Sum(1);
    }

    private sealed record VectorPenaltySettings : BoundSettings
    {
        public static Kind Definition { get; } = Kind.Of<VectorPenaltySettings>(
            "vector", "a penalty that is not one number", [.. OfDraws, BetaSetting, .. OfKL]);

        public override Kind Kind => Definition;

        public override Elbo Make(ObjectiveParts parts) => Bound(parts, new VectorPenalty());
    }
}
