using Reparam.Configuration;
using Reparam.Networks;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>Settings of networks that halve an image at each level, and then apply linear layers.</summary>
public abstract record ImageNetworkSettings : NetworkSettings
{
    private protected ImageNetworkSettings(Activation activation)
        : base(activation)
    {
    }

    /// <summary>Channels of the encoder's levels; the decoder has them in reverse order. Null for
    /// <see cref="DefaultChannels"/>.</summary>
    public IReadOnlyList<int>? Channels { get; init; }

    /// <summary>Widths of the linear layers after the levels; null for <see cref="DefaultHidden"/>.</summary>
    public IReadOnlyList<int>? Hidden { get; init; }

    /// <summary>Widths of the decoder's linear layers; null for the encoder's widths in reverse order.</summary>
    public IReadOnlyList<int>? DecoderHidden { get; init; }

    /// <inheritdoc/>
    public override bool TakesPlanes => true;

    /// <inheritdoc/>
    public override IReadOnlyList<int> EncoderWidths => Hidden ?? [];

    /// <inheritdoc/>
    public override IReadOnlyList<int> DecoderWidths => DecoderHidden ?? [.. EncoderWidths.Reverse()];

    /// <inheritdoc/>
    public override string Description =>
        (Channels is { Count: > 0 } ? $"channels {string.Join(",", Channels)}" : "") + Levels
        + (Hidden is { Count: > 0 } || DecoderHidden is { Count: > 0 } ? $", {Widths(Hidden ?? [], DecoderHidden)}"
            : "") + $", {Activation.Name}";

    /// <summary>The properties of a level other than its channels, as text after a comma.</summary>
    private protected virtual string Levels => "";

    /// <inheritdoc/>
    /// <exception cref="InvalidConfigException">The shape is not the shape of images, its height or width is not a
    /// multiple of 2^n, or there are no channels.</exception>
    public override ImageNetworkSettings Complete(Shape eventShape)
    {
        IReadOnlyList<int> channels = Channels ?? DefaultChannels(eventShape), hidden = Hidden
            ?? DefaultHidden(eventShape);
        if (channels.Count == 0)
        {
            throw new InvalidConfigException(
                "model.network.channels is empty; give 1 to 16 channel counts, one for each halving of the image.");
        }

        if (ImageShape.Problem(eventShape, channels.Count) is { } problem)
            throw new InvalidConfigException($"model.network '{Kind.Name}' does not fit the data. {problem}");
        return this with
        {
            Channels = channels, Hidden = hidden, DecoderHidden = DecoderHidden ?? [.. hidden.Reverse()],
        };
    }

    /// <summary>
    /// The default channels: [32, 64] for images of less than 64 pixels in height or width, and [32, 32, 64, 64] for
    /// larger images. If the extents cannot be halved that often, the list is shorter.
    /// </summary>
    public static IReadOnlyList<int> DefaultChannels(Shape eventShape)
    {
        int[] channels = IsLarge(eventShape) ? [32, 32, 64, 64] : [32, 64];
        int possible = eventShape.Rank < 2 ? channels.Length
            : Math.Min(ImageShape.Halvings(eventShape[^2]), ImageShape.Halvings(eventShape[^1]));
        // If no halving is possible, the list is not shortened, and the model reports the problem with the shape.
        return possible is > 0 && possible < channels.Length ? channels[..possible] : channels;
    }

    /// <summary>The default widths of the linear layers: none for images of less than 64 pixels in height or width, and
    /// [256] for larger images.</summary>
    public static IReadOnlyList<int> DefaultHidden(Shape eventShape) => IsLarge(eventShape) ? [256] : [];

    /// <summary>Settings that all kinds of image networks have.</summary>
    private protected static Setting[] OfImages =>
    [
        Setting.OpenWholes<ImageNetworkSettings>(
            "channels", s => s.Channels, (s, v) => s with { Channels = v },
            "channels of the levels, such as 32,64; each level halves the image", 1, 4096, 16),
        Setting.OpenWholes<ImageNetworkSettings>(
            "hidden", s => s.Hidden, (s, v) => s with { Hidden = v }, "widths of the linear layers after the levels", 1,
            LargestWidth, 64),
        Setting.OpenWholes<ImageNetworkSettings>(
            "decoder_hidden", s => s.DecoderHidden, (s, v) => s with { DecoderHidden = v },
            "widths of the decoder's hidden layers; by default the encoder's widths in reverse " +
            "order", 1, LargestWidth, 64),
        .. Shared,
    ];

    private static bool IsLarge(Shape eventShape) =>
        eventShape.Rank >= 2 && Math.Min(eventShape[^2], eventShape[^1]) >= 64;
}

/// <summary>Settings of convolutions: a <see cref="ConvEncoder"/> and a <see cref="ConvDecoder"/>.</summary>
public sealed record ConvNetworkSettings : ImageNetworkSettings
{
    /// <summary>Settings with ReLU.</summary>
    public ConvNetworkSettings()
        : base(Activation.Relu)
    {
    }

    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<ConvNetworkSettings>("conv", "convolutions, for images", OfImages);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override ConvEncoder Encoder(Shape eventShape, int context, int latent, PosteriorFamily family, Rng rng)
    {
        ImageNetworkSettings all = Complete(eventShape);
        return new(ImageShape.WithPlanes(eventShape, context), latent, all.Channels!, all.Hidden!, Activation,
            Initializer, rng, family: family);
    }

    /// <inheritdoc/>
    public override ConvDecoder Decoder(Shape eventShape, int inputs, Likelihood likelihood, Rng rng)
    {
        ImageNetworkSettings all = Complete(eventShape);
        return new(eventShape, inputs, [.. all.Channels!.Reverse()], all.DecoderHidden!, Activation, likelihood,
            Initializer, rng);
    }
}

/// <summary>Settings of residual blocks: a <see cref="ResidualEncoder"/> and a <see cref="ResidualDecoder"/>.</summary>
public sealed record ResidualNetworkSettings : ImageNetworkSettings
{
    /// <summary>Settings with one block for each level and SiLU, without attention.</summary>
    public ResidualNetworkSettings()
        : base(Activation.Silu)
    {
    }

    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<ResidualNetworkSettings>(
        "resnet", "residual blocks, for images",
        [
            .. OfImages,
            Setting.Whole<ResidualNetworkSettings>(
                "blocks", s => s.Blocks, (s, v) => s with { Blocks = v }, "residual blocks of each level", 0, 64),
            Setting.Truth<ResidualNetworkSettings>(
                "attention", s => s.Attention, (s, v) => s with { Attention = v },
                "whether the level of the lowest resolution has attention over its pixels"),
        ]);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>Residual blocks of each level.</summary>
    public int Blocks { get; init; } = 1;

    /// <summary>Whether the level of the lowest resolution has attention over its pixels.</summary>
    public bool Attention { get; init; }

    private protected override string Levels =>
        FormattableString.Invariant($", blocks {Blocks}{(Attention ? " with attention" : "")}");

    /// <inheritdoc/>
    public override ResidualEncoder Encoder(Shape eventShape, int context, int latent, PosteriorFamily family, Rng rng)
    {
        ImageNetworkSettings all = Complete(eventShape);
        Shape image = ImageShape.WithPlanes(eventShape, context);
        return new(
            image, latent, all.Channels!, Blocks, Attention, all.Hidden!, Activation, Initializer, rng, family: family);
    }

    /// <inheritdoc/>
    public override ResidualDecoder Decoder(Shape eventShape, int inputs, Likelihood likelihood, Rng rng)
    {
        ImageNetworkSettings all = Complete(eventShape);
        return new(eventShape, inputs, [.. all.Channels!.Reverse()], Blocks, Attention, all.DecoderHidden!, Activation,
            likelihood, Initializer, rng);
    }
}
