using System.Globalization;
using Reparam.Configuration;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>Settings that make a <see cref="LatentVariableModel"/>.</summary>
public abstract record ModelSettings : Settings
{
    /// <summary>Extents of one datum; a run fills them in from its data.</summary>
    public IReadOnlyList<int> EventShape { get; init; } = [];

    /// <summary>Z, the number of latent variables; of several layers those of the first.</summary>
    public int Latent { get; init; } = 8;

    /// <summary>The networks.</summary>
    public NetworkSettings Network { get; init; } = new MlpNetworkSettings();

    /// <summary>p(z).</summary>
    public PriorSettings Prior { get; init; } = new StandardPriorSettings();

    /// <summary>What the decoder's output means.</summary>
    public LikelihoodSettings Likelihood { get; init; } = new AutomaticLikelihoodSettings();

    /// <summary>Extents of one datum as a shape.</summary>
    /// <exception cref="InvalidConfigException">They are none.</exception>
    public Shape Shape => EventShape.Count is > 0 and <= Shape.MaxRank - 2 && EventShape.All(e => e >= 1)
        && Elements <= LargestDatum
        ? Shape.Create([.. EventShape])
        : throw new InvalidConfigException(string.Create(CultureInfo.InvariantCulture, $"model.event_shape " +
            $"[{string.Join(", ", EventShape)}] is not the shape of a datum: 1 to {Shape.MaxRank - 2} extents of at " +
            $"least 1, and at most {LargestDatum:N0} elements."));

    /// <summary>Extents of one code.</summary>
    public virtual Shape CodeShape => [Latent];

    /// <summary>Number of labels that data are joined to or told apart by; 0 for none.</summary>
    public virtual int Labels => 0;

    /// <summary>Whether the data's labels enter the model.</summary>
    public virtual bool TakesLabels => false;

    /// <summary>Whether labels may be hidden from training.</summary>
    public virtual bool TakesHiddenLabels => false;

    /// <summary>Whether draws of latents carry no gradient of their own, so that an objective says how one reaches
    /// them.</summary>
    public virtual bool HasDiscreteLatents => false;

    /// <summary>Whether codes are chosen, not drawn, so that several samples are the same.</summary>
    public virtual bool ChoosesCodes => false;

    /// <summary>The model in a line, such as "conv, latent 8, channels 32,64, relu".</summary>
    public virtual string Description =>
        $"{(Name.Length == 0 ? "" : Name + " ")}{Network.Kind.Name}, latent {Sizes}, {Network.Description}{Details}"
        + (Prior is StandardPriorSettings ? "" : $", prior {Prior.Word}");

    /// <summary>The settings with the choices spelt out that depend on the data's shape, as far as this is
    /// known.</summary>
    public virtual ModelSettings Complete() => EventShape.Count == 0 ? this : this with
    {
        Network = Network.Complete(Shape),
    };

    /// <summary>The settings for data with a number of labels.</summary>
    public virtual ModelSettings WithLabels(int count) => this;

    /// <summary>The model.</summary>
    /// <exception cref="InvalidConfigException">Its parts do not fit each other.</exception>
    public abstract LatentVariableModel Make(ModelParts parts);

    /// <summary>What the model is called in its description; empty for the plain one.</summary>
    private protected virtual string Name => Kind.Name;

    /// <summary>The numbers of latents in words.</summary>
    private protected virtual string Sizes => FormattableString.Invariant($"{Latent}");

    /// <summary>What else is said of it, each after a comma.</summary>
    private protected virtual string Details => "";

    private const double LargestDatum = 200_000_000;

    private double Elements => EventShape.Aggregate(1.0, (product, extent) => product * extent);

    /// <summary>Settings that all models have, in the order in which they are written.</summary>
    protected static Setting[] Shared(params Setting[] own) =>
    [
        Setting.Wholes<ModelSettings>(
            "event_shape", s => s.EventShape, (s, v) => s with { EventShape = v },
            "extents of one datum; filled in from the data", 1, NetworkSettings.LargestWidth, 6)
            .WithFlag(null),
        Setting.Whole<ModelSettings>("latent", s => s.Latent, (s, v) => s with { Latent = v },
            "number of latent variables", 1, NetworkSettings.LargestWidth),
        Setting.Section<ModelSettings, NetworkSettings>(
            "network", s => s.Network, (s, v) => s with { Network = v }, "networks of encoder and decoder"),
        .. own,
        Setting.Section<ModelSettings, PriorSettings>(
            "prior", s => s.Prior, (s, v) => s with { Prior = v }, "distribution of the latents"),
        Setting.Section<ModelSettings, LikelihoodSettings>(
            "likelihood", s => s.Likelihood, (s, v) => s with { Likelihood = v }, "what the decoder's output means"),
    ];
}
