using Reparam.Configuration;
using Reparam.Networks;
using Reparam.Networks.Denoising;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>Settings of a model's networks. They make the encoder and the decoder.</summary>
public abstract record NetworkSettings : Settings
{
    /// <summary>The largest width of a layer.</summary>
    public const int LargestWidth = 65_536;

    /// <summary>Sets the default nonlinearity of a kind of networks.</summary>
    protected NetworkSettings(Activation activation) => Activation = activation;

    /// <summary>The nonlinearity of hidden layers.</summary>
    public Activation Activation { get; init; }

    /// <summary>How weights are drawn.</summary>
    public Initializer Initializer { get; init; } = Initializer.PyTorch;

    /// <summary>Whether a layer combines the data points of a batch, as batch normalisation does.</summary>
    public virtual bool ComparesBatch => false;

    /// <summary>Whether the decoder's weights have a posterior distribution.</summary>
    public virtual bool HasUncertainWeights => false;

    /// <summary>Whether the decoder's initial output is the mean of the data.</summary>
    public virtual bool StartsAtMean => false;

    /// <summary>Whether a context, such as a one-hot label, is joined to an image as additional channels. Otherwise it
    /// is joined to a vector as additional elements.</summary>
    public virtual bool TakesPlanes => false;

    /// <summary>Widths of the encoder's hidden linear layers; empty where they are not known yet.</summary>
    public virtual IReadOnlyList<int> EncoderWidths => [];

    /// <summary>Widths of the decoder's hidden linear layers; empty where they are not known yet.</summary>
    public virtual IReadOnlyList<int> DecoderWidths => [];

    /// <summary>The settings with all defaults that depend on the data's shape made explicit.</summary>
    public abstract NetworkSettings Complete(Shape eventShape);

    /// <summary>Makes the encoder.</summary>
    /// <param name="eventShape">Extents of one datum.</param>
    /// <param name="context">The length of the context, such as a one-hot label, that is joined to the data; 0 for no
    /// context.</param>
    /// <param name="latent">The number of latent variables.</param>
    /// <param name="family">The family of the posterior, which the head parameterises.</param>
    /// <param name="rng">Source of the weights.</param>
    public abstract NetworkEncoder Encoder(Shape eventShape, int context, int latent, PosteriorFamily family, Rng rng);

    /// <summary>Makes the decoder.</summary>
    /// <param name="eventShape">Extents of one datum.</param>
    /// <param name="inputs">The length of a code plus the length of its context.</param>
    /// <param name="likelihood">What the output means.</param>
    /// <param name="rng">Source of the weights.</param>
    public abstract Decoder Decoder(Shape eventShape, int inputs, Likelihood likelihood, Rng rng);

    /// <summary>Makes the network of a diffusion model.</summary>
    /// <param name="eventShape">Extents of one datum.</param>
    /// <param name="context">The length of the context; 0 for none.</param>
    /// <param name="rng">Source of the weights.</param>
    /// <exception cref="InvalidConfigException">The network is only for encoders and decoders, or does not fit the
    /// data.</exception>
    public virtual DenoisingNetwork Denoiser(Shape eventShape, int context, Rng rng) =>
        throw new InvalidConfigException($"model.network '{Kind.Name}' has an encoder and a decoder, and a diffusion " +
            "model needs one network that removes noise: set model.network to unet, transformer or mlp.");

    /// <summary>The sizes of the layers as text, such as "hidden 500,300".</summary>
    public abstract string Description { get; }

    /// <summary>Settings that all kinds of networks have.</summary>
    protected static Setting[] Shared =>
    [
        Setting.Choice<NetworkSettings, Activation>(
            "activation", s => s.Activation, (s, v) => s with { Activation = v }, "nonlinearity of hidden layers",
            [.. Activation.All.Select(a => (a.Name, a))]),
        Setting.Choice<NetworkSettings, Initializer>(
            "initializer", s => s.Initializer, (s, v) => s with { Initializer = v }, "how weights are drawn",
            [.. Initializer.All.Select(i => (i.Name, i))]),
    ];

    /// <summary>Widths of hidden layers as text.</summary>
    protected static string Widths(IReadOnlyList<int> hidden, IReadOnlyList<int>? decoderHidden)
    {
        string text = hidden.Count > 0 ? $"hidden {string.Join(",", hidden)}" : "no hidden layer";
        if (decoderHidden is null || decoderHidden.SequenceEqual(hidden.Reverse())) return text;
        return decoderHidden.Count > 0 ? $"{text}, decoder hidden {string.Join(",", decoderHidden)}"
            : $"{text}, no hidden layer in the decoder";
    }
}
