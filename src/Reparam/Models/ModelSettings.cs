using System.Globalization;
using Reparam.Configuration;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>Settings that make a <see cref="LatentVariableModel"/>.</summary>
public abstract record ModelSettings : Settings
{
    /// <summary>Extents of one datum. A run sets them from its data.</summary>
    public IReadOnlyList<int> EventShape { get; init; } = [];

    /// <summary>Z, the number of latent variables. In a model with several layers it is the number in the first
    /// layer.</summary>
    public int Latent { get; init; } = 8;

    /// <summary>The networks.</summary>
    public NetworkSettings Network { get; init; } = new MlpNetworkSettings();

    /// <summary>p(z).</summary>
    public PriorSettings Prior { get; init; } = new StandardPriorSettings();

    /// <summary>p(x|z).</summary>
    public LikelihoodSettings Likelihood { get; init; } = new AutomaticLikelihoodSettings();

    /// <summary>Extents of one datum as a shape.</summary>
    /// <exception cref="InvalidConfigException"><see cref="EventShape"/> is not a valid shape of a datum.</exception>
    public Shape Shape => EventShape.Count is > 0 and <= Shape.MaxRank - 2 && EventShape.All(e => e >= 1)
        && Elements <= LargestDatum
        ? Shape.Create([.. EventShape])
        : throw new InvalidConfigException(string.Create(CultureInfo.InvariantCulture, $"model.event_shape " +
            $"[{string.Join(", ", EventShape)}] is not the shape of a datum. Give 1 to {Shape.MaxRank - 2} extents " +
            $"of at least 1, with at most {LargestDatum:N0} elements in total."));

    /// <summary>Extents of one code.</summary>
    public virtual Shape CodeShape => [Latent];

    /// <summary>The length of y in p(x|z, y): the number of labels that the model is conditioned on or infers, or of
    /// inputs that the columns of its condition make; 0 for none.</summary>
    public virtual int ContextWidth => 0;

    /// <summary>The columns of a table that the model is conditioned on; empty for none.</summary>
    public virtual IReadOnlyList<string> ConditionColumns => [];

    /// <summary>Whether the model uses the data's labels.</summary>
    public virtual bool TakesLabels => false;

    /// <summary>Whether training may use the labels of only a part of the data.</summary>
    public virtual bool TakesHiddenLabels => false;

    /// <summary>Whether draws of latents carry no pathwise gradient, so that the objective needs a gradient estimator
    /// for discrete latents.</summary>
    public virtual bool HasDiscreteLatents => false;

    /// <summary>Whether a code is a summary of its datum that costs a KL, which training can lower by ignoring the
    /// latents.</summary>
    public virtual bool PaysForCodes => !ChoosesCodes;

    /// <summary>Whether the model scores grey levels as 256 levels by default, where other models take them as
    /// probabilities.</summary>
    public virtual bool ScoresLevels => false;

    /// <summary>Whether codes are chosen and not drawn, so that all samples of a datum are equal.</summary>
    public virtual bool ChoosesCodes => false;

    /// <summary>A description of the model in one line, such as "conv, latent 8, channels 32,64, relu".</summary>
    public virtual string Description =>
        $"{(Name.Length == 0 ? "" : Name + " ")}{Network.Kind.Name}, latent {Sizes}, {Network.Description}{Details}"
        + (Prior is StandardPriorSettings ? "" : $", prior {Prior.Word}");

    /// <summary>The settings with all defaults that depend on the data's shape made explicit, if the shape is
    /// known.</summary>
    public virtual ModelSettings Complete() => EventShape.Count == 0 ? this : this with
    {
        Network = Network.Complete(Shape),
    };

    /// <summary>The settings for data with this number of labels, or of inputs of a condition.</summary>
    public virtual ModelSettings WithContext(int width) => this;

    /// <summary>Makes the model.</summary>
    /// <exception cref="InvalidConfigException">The settings do not fit together.</exception>
    public abstract LatentVariableModel Make(ModelParts parts);

    /// <summary>The name of the model in its description; empty for a <see cref="Vae"/>.</summary>
    private protected virtual string Name => Kind.Name;

    /// <summary>The numbers of latents as text.</summary>
    private protected virtual string Sizes => FormattableString.Invariant($"{Latent}");

    /// <summary>Further parts of the description, each after a comma.</summary>
    private protected virtual string Details => "";

    private const double LargestDatum = 200_000_000;

    private double Elements => EventShape.Aggregate(1.0, (product, extent) => product * extent);

    /// <summary>Makes the encoder of one datum, with the input layer that the likelihood asks for.</summary>
    /// <param name="context">The length of the context that is joined to the data; 0 for none.</param>
    /// <param name="family">The family of the posterior.</param>
    /// <param name="rng">Source of the weights.</param>
    /// <param name="inputs">The encoder after the input layer, and the shape of its inputs. A VampPrior learns points
    /// of this shape.</param>
    private protected NetworkEncoder MakeEncoder(
        int context, PosteriorFamily family, Rng rng, out (NetworkEncoder Encoder, Shape Shape) inputs)
    {
        EncoderInput? input = Likelihood.Input(Shape, rng.Split("input"));
        Shape shape = input?.Inputs ?? Shape;
        NetworkEncoder encoder = Network.Encoder(shape, context, Latent, family, rng);
        inputs = (encoder, shape);
        return input is null ? encoder : new InputEncoder(input, encoder);
    }

    /// <summary>The settings of all models with latents of a chosen number and the settings of one kind, in the order
    /// in which they are written.</summary>
    protected static Setting[] Shared(params Setting[] own) =>
    [
        OfShape,
        Setting.Whole<ModelSettings>("latent", s => s.Latent, (s, v) => s with { Latent = v },
            "number of latent variables", 1, NetworkSettings.LargestWidth),
        OfNetwork,
        .. own,
        Setting.Section<ModelSettings, PriorSettings>(
            "prior", s => s.Prior, (s, v) => s with { Prior = v }, "the prior p(z): the distribution of the latents"),
        OfLikelihood,
    ];

    /// <summary>The setting of the shape of a datum.</summary>
    private protected static Setting OfShape => Setting.Wholes<ModelSettings>(
        "event_shape", s => s.EventShape, (s, v) => s with { EventShape = v },
        "extents of one datum; set from the data", 1, NetworkSettings.LargestWidth, 6)
        .WithFlag(null);

    /// <summary>The section of the networks.</summary>
    private protected static Setting OfNetwork => Setting.Section<ModelSettings, NetworkSettings>(
        "network", s => s.Network, (s, v) => s with { Network = v }, "networks of encoder and decoder");

    /// <summary>The section of the likelihood.</summary>
    private protected static Setting OfLikelihood => Setting.Section<ModelSettings, LikelihoodSettings>(
        "likelihood", s => s.Likelihood, (s, v) => s with { Likelihood = v }, "the likelihood p(x|z): the " +
            "distribution that the decoder's output parameterises");
}
