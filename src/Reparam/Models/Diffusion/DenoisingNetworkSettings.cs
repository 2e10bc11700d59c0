using Reparam.Configuration;
using Reparam.Networks;
using Reparam.Networks.Denoising;
using Reparam.Tensors;

namespace Reparam.Models.Diffusion;

/// <summary>Settings of a network that only a diffusion model uses.</summary>
public abstract record DenoisingNetworkSettings : NetworkSettings
{
    private protected DenoisingNetworkSettings()
        : base(Activation.Silu)
    {
    }

    /// <inheritdoc/>
    public override bool TakesPlanes => true;

    /// <inheritdoc/>
    public override NetworkSettings Complete(Shape eventShape) => this;

    /// <inheritdoc/>
    /// <exception cref="InvalidConfigException">Always: the network is no encoder.</exception>
    public override NetworkEncoder Encoder(
        Shape eventShape, int context, int latent, PosteriorFamily family, Rng rng) => throw NoPart("encoder");

    /// <inheritdoc/>
    /// <exception cref="InvalidConfigException">Always: the network is no decoder.</exception>
    public override Decoder Decoder(Shape eventShape, int inputs, Likelihood likelihood, Rng rng) =>
        throw NoPart("decoder");

    /// <summary>The shape of a datum as an image.</summary>
    private protected ImageShape Image(Shape eventShape, int multiple)
    {
        if (ImageShape.Problem(eventShape, 0) is { } problem)
        {
            throw new InvalidConfigException($"model.network '{Kind.Name}' does not fit the data. {problem} For " +
                "other data set model.network to mlp.");
        }

        var image = ImageShape.Of(eventShape, 0);
        return image.Height % multiple == 0 && image.Width % multiple == 0 ? image
            : throw new InvalidConfigException($"model.network '{Kind.Name}' does not fit the data: it needs images " +
                $"whose height and width are multiples of {multiple}, not {image.Height} x {image.Width}. " +
                $"{Remedy}, or pad or crop the images.");
    }

    /// <summary>The setting that makes the network fit other images.</summary>
    private protected abstract string Remedy { get; }

    private InvalidConfigException NoPart(string part) => new($"model.network '{Kind.Name}' removes noise and is no " +
        $"{part}; set model.kind to diffusion, or model.network to mlp, conv or resnet.");
}

/// <summary>Settings of a <see cref="UNet"/>.</summary>
public sealed record UNetNetworkSettings : DenoisingNetworkSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<UNetNetworkSettings>(
        "unet", "a U-Net, for images in a diffusion model",
        [
            Setting.Wholes<UNetNetworkSettings>(
                "channels", s => s.Channels, (s, v) => s with { Channels = v },
                "channels of the levels, such as 32,64; each further level halves the image", 1, 4096, 8),
            Setting.Whole<UNetNetworkSettings>(
                "blocks", s => s.Blocks, (s, v) => s with { Blocks = v }, "residual blocks of each level", 1, 64),
            Setting.OpenWhole<UNetNetworkSettings>(
                "attention_from", s => s.AttentionFrom, (s, v) => s with { AttentionFrom = v },
                "first level with attention after each block, counted from 0; by default only the middle has attention",
                0, 7),
            .. Shared,
        ]);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc cref="UNetOptions.Channels"/>
    public IReadOnlyList<int> Channels { get; init; } = [16, 32, 32];

    /// <inheritdoc cref="UNetOptions.Blocks"/>
    public int Blocks { get; init; } = 1;

    /// <inheritdoc cref="UNetOptions.AttentionFrom"/>
    public int? AttentionFrom { get; init; }

    /// <inheritdoc/>
    public override string Description => FormattableString.Invariant(
        $"channels {string.Join(",", Channels)}, blocks {Blocks}, {Activation.Name}");

    private protected override string Remedy => "Give fewer channel counts (model.network.channels)";

    /// <inheritdoc/>
    public override UNet Denoiser(Shape eventShape, int context, Rng rng)
    {
        if (Channels.Count == 0)
        {
            throw new InvalidConfigException(
                "model.network.channels is empty; give 1 to 8 channel counts, one for each level.");
        }

        ImageShape image = Image(eventShape, 1 << (Channels.Count - 1));
        return new UNet(image.Channels, image.Height, image.Width,
            new UNetOptions { Channels = Channels, Blocks = Blocks, AttentionFrom = AttentionFrom }, context,
            Initializer, rng, Activation);
    }
}

/// <summary>Settings of a <see cref="PatchTransformer"/>.</summary>
public sealed record TransformerNetworkSettings : DenoisingNetworkSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<TransformerNetworkSettings>(
        "transformer", "a transformer over patches, for images in a diffusion model",
        Setting.Whole<TransformerNetworkSettings>(
            "patch", s => s.Patch, (s, v) => s with { Patch = v }, "height and width of a patch", 1, 256),
        Setting.Whole<TransformerNetworkSettings>(
            "width", s => s.Width, (s, v) => s with { Width = v }, "length of a token, a multiple of 4", 4, 8192),
        Setting.Whole<TransformerNetworkSettings>(
            "blocks", s => s.Blocks, (s, v) => s with { Blocks = v }, "number of blocks", 1, 256),
        Setting.Whole<TransformerNetworkSettings>(
            "heads", s => s.Heads, (s, v) => s with { Heads = v }, "heads of attention, a divisor of the width", 1,
            256),
        Shared[1]);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <summary>The height and width of a patch.</summary>
    public int Patch { get; init; } = 4;

    /// <summary>The length of a token, a multiple of 4.</summary>
    public int Width { get; init; } = 128;

    /// <summary>The number of blocks.</summary>
    public int Blocks { get; init; } = 6;

    /// <summary>The number of heads, a divisor of <see cref="Width"/>.</summary>
    public int Heads { get; init; } = 4;

    /// <inheritdoc/>
    public override string Description => FormattableString.Invariant(
        $"patch {Patch}, width {Width}, blocks {Blocks}, heads {Heads}");

    private protected override string Remedy => "Choose another model.network.patch";

    /// <inheritdoc/>
    public override PatchTransformer Denoiser(Shape eventShape, int context, Rng rng)
    {
        ImageShape image = Image(eventShape, Patch);
        return Width % 4 == 0 && Width % Heads == 0
            ? new PatchTransformer(
                image.Channels, image.Height, image.Width, Patch, Width, Blocks, Heads, context, Initializer, rng)
            : throw new InvalidConfigException($"model.network.width {Width} must be a multiple of 4 and of " +
                $"model.network.heads {Heads}.");
    }
}
