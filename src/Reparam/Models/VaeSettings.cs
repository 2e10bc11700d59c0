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
            Setting.Quoted<VaeSettings>(
                "condition", s => s.Condition, (s, v) => s with { Condition = v },
                "what the model is given beside the latents: none, labels (it then generates a chosen class), or " +
                "columns of a table; a column with a comma or with one of these two names is written in double " +
                "quotes", "none|labels|COLUMN,..."),
            Setting.Whole<VaeSettings>(
                "context", s => s.Context, (s, v) => s with { Context = v },
                "number of inputs that the condition makes: one for each label, or those of the columns; set from " +
                "the data", 0, 10_000).WithFlag(null),
            Setting.Real<VaeSettings>(
                "input_noise", s => s.InputNoise, (s, v) => s with { InputNoise = v },
                "probability that an element is hidden from the encoder in training", Bounds.Fraction)));

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>q(z|x).</summary>
    public PosteriorSettings Posterior { get; init; } = new NormalPosteriorSettings();

    /// <summary>What the model is conditioned on: "none", "labels" for the data's labels, or the names of columns of a
    /// table with commas between them. A name in double quotes, as in a CSV file, is always that of a
    /// column.</summary>
    public string Condition { get; init; } = NoCondition;

    /// <summary>C, the number of inputs that the condition makes: one for each label, or those of the columns. A run
    /// sets it from its data.</summary>
    public int Context { get; init; }

    /// <summary>The probability that an element of a datum is hidden from the encoder in training.</summary>
    public double InputNoise { get; init; }

    /// <inheritdoc/>
    public override Shape CodeShape => Posterior.Family.EventShape(Latent);

    /// <inheritdoc/>
    public override int ContextWidth => Context;

    /// <inheritdoc/>
    public override bool TakesLabels => Condition == LabelCondition;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ConditionColumns => Condition is NoCondition or LabelCondition ? []
        : [.. QuotedText.List(Condition).Distinct()];

    /// <inheritdoc/>
    public override bool HasDiscreteLatents => Posterior.Family.Space == LatentSpace.Discrete;

    /// <inheritdoc/>
    public override VaeSettings WithContext(int width) => this with { Context = width };

    private protected override string Name => "";

    private protected override string Details =>
        (InputNoise > 0 ? FormattableString.Invariant($", denoising {InputNoise}") : "")
        + (Posterior is NormalPosteriorSettings ? "" : $", posterior {Posterior.Word}")
        + (IsConditional ? $", given {Condition}" : "");

    /// <summary>What the model is given beside the latents, in words; empty for nothing.</summary>
    private string Given => TakesLabels ? "labels" : ConditionColumns.Count == 0 ? ""
        : $"the columns {QuotedText.Join(ConditionColumns)}";

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

        if (IsConditional != Context > 0)
        {
            throw new InvalidConfigException(string.Create(CultureInfo.InvariantCulture, $"model.context is " +
                $"{Context} and model.condition is '{Condition}'. A condition makes at least one input (one for each " +
                $"label, or those of its columns); a model without a condition has none. Omit model.context: it is " +
                $"set from the data."));
        }

        Likelihood likelihood = Likelihood.Make();
        Rng weights = parts.Weights;
        PosteriorFamily family = Posterior.Family;
        NetworkEncoder encoder = MakeEncoder(
            Context, family, weights.Split("encoder"), out (NetworkEncoder Encoder, Shape Shape) inputs);
        Flow? flow = Posterior.Flow(Latent, encoder.Width, weights.Split("posterior"));
        Prior prior = Prior.Make(new PriorParts(Latent, family, weights.Split("prior"))
        {
            Encoder = IsConditional ? null : inputs.Encoder,
            Condition = Given,
            EventShape = inputs.Shape,
            IsBounded = likelihood.IsBounded,
        });
        Decoder decoder = Network.Decoder(Shape, CodeShape.Size + Context, likelihood, weights.Split("decoder"));
        return new Vae(
            flow is null ? encoder : new FlowEncoder(encoder, flow), decoder, prior, Context, Network.TakesPlanes)
        {
            InputNoise = InputNoise,
        };
    }
}
