using Reparam.Configuration;
using Reparam.Models.Bayesian;
using Reparam.Networks;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>Settings of multilayer perceptrons: an <see cref="MlpEncoder"/> and an <see cref="MlpDecoder"/>.</summary>
public sealed record MlpNetworkSettings : NetworkSettings
{
    /// <summary>Two hidden layers of 256 units with ReLU.</summary>
    public MlpNetworkSettings()
        : base(Activation.Relu)
    {
    }

    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<MlpNetworkSettings>(
        "mlp", "multilayer perceptrons, for any data",
        [
            Setting.Wholes<MlpNetworkSettings>(
                "hidden", s => s.Hidden, (s, v) => s with { Hidden = v },
                "widths of the encoder's hidden layers, such as 500,500", 1, LargestWidth, 64),
            Setting.OpenWholes<MlpNetworkSettings>(
                "decoder_hidden", s => s.DecoderHidden, (s, v) => s with { DecoderHidden = v },
                "widths of the decoder's hidden layers; those of the encoder reversed by default", 1, LargestWidth, 64),
            .. Shared,
            Setting.Choice<MlpNetworkSettings, bool>(
                "normalization", s => s.Normalizes, (s, v) => s with { Normalizes = v },
                "normalisation of hidden layers", ("none", false), ("batch", true)),
            Setting.Choice<MlpNetworkSettings, bool>(
                "output_bias", s => s.BeginsAtMean, (s, v) => s with { BeginsAtMean = v },
                "where the decoder's output begins: by the initializer, or at the mean of binary data",
                ("initializer", false), ("data", true)),
            Setting.Choice<MlpNetworkSettings, bool>(
                "weights", s => s.IsBayesian, (s, v) => s with { IsBayesian = v },
                "the decoder's weights: points, or with a posterior of their own", ("point", false),
                ("bayesian", true)),
        ]);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>Widths of the encoder's hidden layers.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [256, 256];

    /// <summary>Widths of the decoder's hidden layers; null for those of the encoder reversed.</summary>
    public IReadOnlyList<int>? DecoderHidden { get; init; }

    /// <summary>Whether hidden layers are normalised over the batch.</summary>
    public bool Normalizes { get; init; }

    /// <summary>Whether the decoder's output begins at the mean of the data, so that no latent is spent on learning
    /// it.</summary>
    public bool BeginsAtMean { get; init; }

    /// <summary>Whether the decoder's weights have a posterior against a prior N(0, 1) each.</summary>
    public bool IsBayesian { get; init; }

    /// <inheritdoc/>
    public override bool ComparesBatch => Normalizes;

    /// <inheritdoc/>
    public override bool StartsAtMean => BeginsAtMean;

    /// <inheritdoc/>
    public override bool HasUncertainWeights => IsBayesian;

    /// <inheritdoc/>
    public override IReadOnlyList<int> EncoderWidths => Hidden;

    /// <inheritdoc/>
    public override IReadOnlyList<int> DecoderWidths => DecoderHidden ?? [.. Hidden.Reverse()];

    /// <inheritdoc/>
    public override string Description =>
        Widths(Hidden, DecoderHidden) + (IsBayesian ? ", bayesian weights" : "")
            + (BeginsAtMean ? ", output from the data" : "")
        + (Normalizes ? ", batch normalisation" : "") + $", {Activation.Name}";

    /// <inheritdoc/>
    public override MlpNetworkSettings Complete(Shape eventShape) => this with { DecoderHidden = DecoderWidths };

    /// <inheritdoc/>
    public override MlpEncoder Encoder(
        Shape eventShape, int context, int latent, PosteriorFamily family, Rng rng) => new(
        context == 0 ? eventShape : [eventShape.Size + context], latent, Hidden, Activation, Initializer, rng,
        family: family, batchNorm: Normalizes);

    /// <inheritdoc/>
    public override Decoder Decoder(Shape eventShape, int inputs, Likelihood likelihood, Rng rng)
    {
        IReadOnlyList<int> hidden = DecoderWidths;
        return IsBayesian
            ? new BayesianMlpDecoder(eventShape, inputs, hidden, Activation, likelihood, Initializer, rng)
            : new MlpDecoder(
                eventShape, inputs, hidden, Activation, likelihood, Initializer, rng, batchNorm: Normalizes);
    }
}
