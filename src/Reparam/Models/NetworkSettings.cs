using Reparam.Configuration;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>Settings of a model's networks: they make its encoder and its decoder.</summary>
public abstract record NetworkSettings : Settings
{
    /// <summary>The widest that a layer may be.</summary>
    public const int LargestWidth = 65_536;

    /// <summary>Networks with a nonlinearity where nothing else is said.</summary>
    protected NetworkSettings(Activation activation) => Activation = activation;

    /// <summary>The nonlinearity of hidden layers.</summary>
    public Activation Activation { get; init; }

    /// <summary>How weights are drawn.</summary>
    public Initializer Initializer { get; init; } = Initializer.PyTorch;

    /// <summary>Whether the data of a batch meet in a layer, as in batch normalisation.</summary>
    public virtual bool ComparesBatch => false;

    /// <summary>Whether the decoder's weights have a posterior of their own.</summary>
    public virtual bool HasUncertainWeights => false;

    /// <summary>Whether the decoder's output begins at the mean of the data.</summary>
    public virtual bool StartsAtMean => false;

    /// <summary>Whether a context joins an image as planes of its own, not as more elements of a vector.</summary>
    public virtual bool TakesPlanes => false;

    /// <summary>Widths of the encoder's hidden linear layers, as far as they are known.</summary>
    public virtual IReadOnlyList<int> EncoderWidths => [];

    /// <summary>Widths of the decoder's hidden linear layers, as far as they are known.</summary>
    public virtual IReadOnlyList<int> DecoderWidths => [];

    /// <summary>The settings with the choices spelt out that data of a shape decide.</summary>
    public abstract NetworkSettings Complete(Shape eventShape);

    /// <summary>The encoder, for latents of any family.</summary>
    /// <param name="eventShape">Extents of one datum.</param>
    /// <param name="context">The length of what data are joined to; 0 for nothing.</param>
    /// <param name="latent">The number of latent variables.</param>
    /// <param name="family">What the head's numbers mean.</param>
    /// <param name="rng">Source of the weights.</param>
    public abstract NetworkEncoder Encoder(Shape eventShape, int context, int latent, PosteriorFamily family, Rng rng);

    /// <summary>The decoder.</summary>
    /// <param name="eventShape">Extents of one datum.</param>
    /// <param name="inputs">The length of a code and its context.</param>
    /// <param name="likelihood">What the output means.</param>
    /// <param name="rng">Source of the weights.</param>
    public abstract Decoder Decoder(Shape eventShape, int inputs, Likelihood likelihood, Rng rng);

    /// <summary>The sizes of the layers in words, such as "hidden 500,300".</summary>
    public abstract string Description { get; }

    /// <summary>Settings that all networks have.</summary>
    protected static Setting[] Shared =>
    [
        Setting.Choice<NetworkSettings, Activation>(
            "activation", s => s.Activation, (s, v) => s with { Activation = v }, "nonlinearity of hidden layers",
            [.. Activation.All.Select(a => (a.Name, a))]),
        Setting.Choice<NetworkSettings, Initializer>(
            "initializer", s => s.Initializer, (s, v) => s with { Initializer = v }, "how weights are drawn",
            [.. Initializer.All.Select(i => (i.Name, i))]),
    ];

    /// <summary>Widths of hidden layers in words.</summary>
    protected static string Widths(IReadOnlyList<int> hidden, IReadOnlyList<int>? decoderHidden)
    {
        string text = hidden.Count > 0 ? $"hidden {string.Join(",", hidden)}" : "no hidden layer";
        if (decoderHidden is null || decoderHidden.SequenceEqual(hidden.Reverse())) return text;
        return decoderHidden.Count > 0 ? $"{text}, decoder hidden {string.Join(",", decoderHidden)}"
            : $"{text}, no hidden layer in the decoder";
    }
}
