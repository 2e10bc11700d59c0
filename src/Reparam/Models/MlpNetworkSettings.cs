using Reparam.Configuration;
using Reparam.Models.Bayesian;
using Reparam.Networks;
using Reparam.Networks.Denoising;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>Settings of multilayer perceptrons: an <see cref="MlpEncoder"/> and an <see cref="MlpDecoder"/>.</summary>
public sealed record MlpNetworkSettings : NetworkSettings
{
    /// <summary>Settings with two hidden layers of 256 units and ReLU.</summary>
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
                "widths of the decoder's hidden layers; by default the encoder's widths in reverse " +
                "order", 1, LargestWidth, 64),
            .. Shared,
            Setting.Choice<MlpNetworkSettings, bool>(
                "normalization", s => s.Normalizes, (s, v) => s with { Normalizes = v },
                "normalisation of the hidden layers", ("none", false), ("batch", true)),
            Setting.Choice<MlpNetworkSettings, bool>(
                "skip", s => s.Skips, (s, v) => s with { Skips = v },
                "what the heads see beside the last hidden layer: nothing, or the input of the network",
                ("none", false), ("linear", true)),
            Setting.Choice<MlpNetworkSettings, bool>(
                "output_bias", s => s.BeginsAtMean, (s, v) => s with { BeginsAtMean = v },
                "initial bias of the decoder's output: from the initializer, or from the mean of binary data",
                ("initializer", false), ("data", true)),
            Setting.Choice<MlpNetworkSettings, bool>(
                "weights", s => s.IsBayesian, (s, v) => s with { IsBayesian = v },
                "the decoder's weights: point estimates, or weights with a posterior", ("point", false),
                ("bayesian", true)),
        ]);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>Widths of the encoder's hidden layers.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [256, 256];

    /// <summary>Widths of the decoder's hidden layers; null for the encoder's widths in reverse order.</summary>
    public IReadOnlyList<int>? DecoderHidden { get; init; }

    /// <summary>Whether hidden layers have batch normalisation.</summary>
    public bool Normalizes { get; init; }

    /// <summary>
    /// Whether the heads of encoder and decoder see the input of their network beside the last hidden layer:
    /// h = [MLP(x), x]. The parts without hidden layers are then a linear VAE, whose optimum is probabilistic principal
    /// component analysis (Lucas et al. 2019), and the hidden layers add what is curved. It suits real numbers that are
    /// nearly linear in their latents, such as the columns of a table. In decoders of images such skips keep latents in
    /// use (Dieng et al. 2019).
    /// </summary>
    public bool Skips { get; init; }

    /// <summary>Whether the decoder's initial output is the mean of the data, so that no latent has to learn the
    /// mean.</summary>
    public bool BeginsAtMean { get; init; }

    /// <summary>Whether each weight of the decoder has a posterior, with the prior N(0, 1).</summary>
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
        + (Normalizes ? ", batch normalisation" : "") + (Skips ? ", linear skip" : "")
        + $", {Activation.Name}";

    /// <inheritdoc/>
    public override MlpNetworkSettings Complete(Shape eventShape) => this with { DecoderHidden = DecoderWidths };

    /// <inheritdoc/>
    public override MlpEncoder Encoder(
        Shape eventShape, int context, int latent, PosteriorFamily family, Rng rng) => new(
        context == 0 ? eventShape : [eventShape.Size + context], latent, Hidden, Activation, Initializer, rng,
        family: family, batchNorm: Normalizes, skips: Skips);

    /// <inheritdoc/>
    public override Decoder Decoder(Shape eventShape, int inputs, Likelihood likelihood, Rng rng)
    {
        IReadOnlyList<int> hidden = DecoderWidths;
        if (IsBayesian && Skips)
        {
            throw new InvalidConfigException("model.network.skip 'linear' has no weights with a posterior; set " +
                "model.network.weights to point.");
        }

        return IsBayesian
            ? new BayesianMlpDecoder(eventShape, inputs, hidden, Activation, likelihood, Initializer, rng)
            : new MlpDecoder(
                eventShape, inputs, hidden, Activation, likelihood, Initializer, rng, batchNorm: Normalizes,
                skips: Skips);
    }

    /// <inheritdoc/>
    public override DenoisingMlp Denoiser(Shape eventShape, int context, Rng rng)
    {
        if (Hidden.Count == 0)
        {
            throw new InvalidConfigException("model.network.hidden is empty, and a network that removes noise needs " +
                "at least one hidden layer; give its width.");
        }

        string? unused = Normalizes ? "normalization" : Skips ? "skip" : BeginsAtMean ? "output_bias"
            : IsBayesian ? "weights" : DecoderHidden is { } decoder && !decoder.SequenceEqual(Hidden.Reverse())
                ? "decoder_hidden" : null;
        return unused is null ? new DenoisingMlp(eventShape.Size, Hidden, context, Activation, Initializer, rng)
            : throw new InvalidConfigException($"model.network.{unused} belongs to encoders and decoders, and a " +
                $"diffusion model has neither; leave it out.");
    }
}
