// begin
using Reparam.Configuration;
using Reparam.Models;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

// end
namespace Reparam.Conventions.Tests.Readme.Snippets;

/// <summary>docs/own-members.md, C# block 6.</summary>
internal static class OwnNetwork;

// begin
/// <summary>q(z|x) of an image, from the means of its rows and of its columns.</summary>
internal sealed class PooledEncoder : NetworkEncoder
{
    private readonly Sequential _hidden;

    public PooledEncoder(Shape eventShape, int latent, int width, Activation activation, Initializer initializer,
        Rng rng, PosteriorFamily family)
        : base(latent, family)
    {
        if (eventShape.Rank != 2)
        {
            throw new InvalidConfigException(
                $"model.network 'pooled' takes images of one channel, but the data have shape {eventShape}.");
        }

        _hidden = Child("hidden", new Sequential(
            eventShape[0] + eventShape[1], [width], activation, initializer, rng.Split("hidden"), DType.Float32));
        AddHead(width, initializer, rng, DType.Float32);
    }

    public override Tensor Hidden(Tensor x) => _hidden.Forward(Tensor.Concat(^1, x.Mean(1), x.Mean(2))); // x [B, H, W]
}

/// <summary>How a configuration asks for it: --network pooled --width 64. The decoder is a built-in one.</summary>
internal sealed record PooledSettings() : NetworkSettings(Activation.Silu)
{
    public static Kind Definition { get; } = Kind.Of<PooledSettings>(
        "pooled", "means of rows and columns, for images of one channel",
        [
            Setting.Whole<PooledSettings>("width", s => s.Width, (s, v) => s with { Width = v },
                "units of the hidden layers", 1, LargestWidth),
            .. Shared, // activation and initializer
        ]);

    public override Kind Kind => Definition;

    public int Width { get; init; } = 64;

    public override string Description => FormattableString.Invariant($"width {Width}, {Activation.Name}");

    public override PooledSettings Complete(Shape eventShape) => this; // no default depends on the shape of the data

    public override PooledEncoder Encoder(Shape eventShape, int context, int latent, PosteriorFamily family, Rng rng) =>
        context == 0
            ? new(eventShape, latent, Width, Activation, Initializer, rng, family)
            : throw new InvalidConfigException(
                "model.network 'pooled' does not take labels; choose another network, or a model without labels.");

    public override MlpDecoder Decoder(Shape eventShape, int inputs, Likelihood likelihood, Rng rng) =>
        new(eventShape, inputs, [Width], Activation, likelihood, Initializer, rng);
}
// end
