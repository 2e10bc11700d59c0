using System.Globalization;
using Reparam.Configuration;
using Reparam.Models.Flows;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>Settings of a <see cref="Vae"/>: one layer of latents.</summary>
public sealed record VaeSettings : ModelSettings
{
    internal const string NoCondition = "none";
    internal const string LabelCondition = "labels";

    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<VaeSettings>(
        "vae", "one layer of latents",
        Shared(
            Setting.Section<VaeSettings, PosteriorSettings>(
                "posterior", s => s.Posterior, (s, v) => s with { Posterior = v },
                "the posterior q(z|x): the distribution of the latents given a datum"),
            Setting.Text<VaeSettings>(
                "condition", s => s.Condition, (s, v) => s with { Condition = v },
                "what the model is given beside the latents: none, labels (it then generates a chosen class), or " +
                "columns of a table", "none|labels|COLUMN,..."),
            Setting.Whole<VaeSettings>(
                "classes", s => s.Classes, (s, v) => s with { Classes = v },
                "number of labels, or of inputs that the columns of the condition make; set from the data", 0,
                10_000),
            Setting.Real<VaeSettings>(
                "input_noise", s => s.InputNoise, (s, v) => s with { InputNoise = v },
                "probability that an element is hidden from the encoder in training", Bounds.Fraction)));

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>q(z|x).</summary>
    public PosteriorSettings Posterior { get; init; } = new NormalPosteriorSettings();

    /// <summary>What the model is conditioned on: "none", "labels" for the data's labels, or the names of columns of a
    /// table with commas between them.</summary>
    public string Condition { get; init; } = NoCondition;

    /// <summary>Number of labels of a conditional model, or of inputs that the columns of its condition make. A run
    /// sets it from its data.</summary>
    public int Classes { get; init; }

    /// <summary>The probability that an element of a datum is hidden from the encoder in training.</summary>
    public double InputNoise { get; init; }

    /// <inheritdoc/>
    public override Shape CodeShape => Posterior.Family.EventShape(Latent);

    /// <inheritdoc/>
    public override int Labels => Classes;

    /// <inheritdoc/>
    public override bool TakesLabels => Condition == LabelCondition;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ConditionColumns => Condition is NoCondition or LabelCondition ? []
        : [.. Condition.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct()];

    /// <inheritdoc/>
    public override bool HasDiscreteLatents => Posterior.Family.Space == LatentSpace.Discrete;

    /// <inheritdoc/>
    public override VaeSettings WithLabels(int count) => this with { Classes = count };

    private protected override string Name => "";

    private protected override string Details =>
        (InputNoise > 0 ? FormattableString.Invariant($", denoising {InputNoise}") : "")
        + (Posterior is NormalPosteriorSettings ? "" : $", posterior {Posterior.Word}")
        + (IsConditional ? $", given {Condition}" : "");

    private bool IsConditional => TakesLabels || ConditionColumns.Count > 0;

    /// <inheritdoc/>
    public override Vae Make(ModelParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (Latent < Posterior.SmallestLatent || Latent > Posterior.LargestLatent)
        {
            (string bound, int limit) = Latent < Posterior.SmallestLatent
                ? ("at least", Posterior.SmallestLatent) : ("at most", Posterior.LargestLatent);
            throw new InvalidConfigException(string.Create(CultureInfo.InvariantCulture,
                $"model.posterior '{Posterior.Kind.Name}' must have {bound} {limit} latent variables (model.latent), " +
                $"not {Latent}."));
        }

        if (IsConditional != Classes > 0)
        {
            throw new InvalidConfigException(string.Create(CultureInfo.InvariantCulture, $"model.classes is " +
                $"{Classes} and model.condition is '{Condition}'. A conditional model has at least one class; any " +
                $"other model has none. Omit model.classes: it is set from the data."));
        }

        Likelihood likelihood = Likelihood.Make();
        Rng weights = parts.Weights;
        PosteriorFamily family = Posterior.Family;
        NetworkEncoder encoder = MakeEncoder(
            Classes, family, weights.Split("encoder"), out (NetworkEncoder Encoder, Shape Shape) inputs);
        Flow? flow = Posterior.Flow(Latent, encoder.Width, weights.Split("posterior"));
        Prior prior = Prior.Make(new PriorParts(Latent, family, weights.Split("prior"))
        {
            Encoder = IsConditional ? null : inputs.Encoder,
            EventShape = inputs.Shape,
            IsBounded = likelihood.IsBounded,
        });
        Decoder decoder = Network.Decoder(Shape, CodeShape.Size + Classes, likelihood, weights.Split("decoder"));
        return new Vae(
            flow is null ? encoder : new FlowEncoder(encoder, flow), decoder, prior, Classes, Network.TakesPlanes)
        {
            InputNoise = InputNoise,
        };
    }
}
