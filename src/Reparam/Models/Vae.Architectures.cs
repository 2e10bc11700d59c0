using Reparam.Models.Bayesian;
using Reparam.Networks;
using Reparam.Tensors;

namespace Reparam.Models;

public sealed partial class Vae
{
    /// <summary>
    /// Makes a VAE of multilayer perceptrons. The encoder has the <paramref name="hidden"/> widths. The decoder has the
    /// same widths in reverse order by default.
    /// </summary>
    /// <param name="eventShape">Extents of one datum.</param>
    /// <param name="latent">Z, the number of latent variables.</param>
    /// <param name="hidden">Widths of the encoder's hidden layers.</param>
    /// <param name="likelihood">The distribution that the decoder's output parameterises.</param>
    /// <param name="rng">Source of the initial weights.</param>
    /// <param name="activation">The nonlinearity; by default tanh, as in Kingma and Welling (2013).</param>
    /// <param name="options">Posterior, flow, prior, context and the rest; their defaults where null.</param>
    public static Vae Mlp(
        Shape eventShape, int latent, IReadOnlyList<int> hidden, Likelihood likelihood, Rng rng,
        Activation? activation = null, VaeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentNullException.ThrowIfNull(hidden);
        activation ??= Activation.Tanh;
        options ??= new VaeOptions();
        (int context, DType dtype) = (options.Context, options.DType);
        IReadOnlyList<int> down = [.. options.DecoderHidden ?? hidden.Reverse()];
        Rng decoder = rng.Split("decoder");
        return options.Assemble(
            new MlpEncoder(context == 0 ? eventShape : [eventShape.Size + context], latent, hidden, activation,
                options.Initializer, rng.Split("encoder"), dtype, options.Posterior, options.BatchNorm),
            inputs => options.UncertainWeights
                ? new BayesianMlpDecoder(
                    eventShape, inputs, down, activation, likelihood, options.Initializer, decoder, dtype: dtype)
                : new MlpDecoder(eventShape, inputs, down, activation, likelihood, options.Initializer, decoder, dtype,
                    options.BatchNorm), contextAsPlanes: false);
    }

    /// <summary>
    /// Makes a convolutional VAE: a <see cref="ConvEncoder"/> with the given channels and hidden widths, and a
    /// <see cref="ConvDecoder"/> with both in reverse order. For images of 28x28 and 32x32, two convolutions with 32
    /// and 64 channels work well. The 64x64 model of Burgess et al. (2018) is similar to channels [32, 32, 64, 64] with
    /// hidden [256].
    /// </summary>
    /// <param name="eventShape">[height, width] or [channels, height, width]; the extents are multiples of 2^n for n
    /// channel counts.</param>
    /// <param name="latent">Z, the number of latent variables.</param>
    /// <param name="channels">Output channels of the encoder's convolutions; null for
    /// <see cref="ImageNetworkSettings.DefaultChannels"/>.</param>
    /// <param name="likelihood">The distribution that the decoder's output parameterises.</param>
    /// <param name="rng">Source of the initial weights.</param>
    /// <param name="hidden">Widths of linear layers between convolutions and latents; null for
    /// <see cref="ImageNetworkSettings.DefaultHidden"/>.</param>
    /// <param name="activation">The nonlinearity; ReLU by default.</param>
    /// <param name="options">Posterior, flow, prior, context and the rest; their defaults where null.</param>
    /// <exception cref="ArgumentException">The shape is not the shape of images, its height or width is not a multiple
    /// of 2^n, or an option is for multilayer perceptrons only.</exception>
    public static Vae Conv(
        Shape eventShape, int latent, IReadOnlyList<int>? channels, Likelihood likelihood, Rng rng,
        IReadOnlyList<int>? hidden = null, Activation? activation = null, VaeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(rng);
        channels ??= ImageNetworkSettings.DefaultChannels(eventShape);
        hidden ??= ImageNetworkSettings.DefaultHidden(eventShape);
        activation ??= Activation.Relu;
        options ??= new VaeOptions();
        options.RequireImageOptions();
        return options.Assemble(
            new ConvEncoder(ImageShape.WithPlanes(eventShape, options.Context), latent, channels, hidden, activation,
                options.Initializer, rng.Split("encoder"), options.DType, options.Posterior),
            inputs => new ConvDecoder(eventShape, inputs, [.. channels.Reverse()],
                [.. options.DecoderHidden ?? hidden.Reverse()], activation, likelihood, options.Initializer,
                rng.Split("decoder"), options.DType), contextAsPlanes: true);
    }

    /// <summary>
    /// Makes a residual VAE: a <see cref="ResidualEncoder"/> and a <see cref="ResidualDecoder"/> with the given
    /// channels at each level.
    /// </summary>
    /// <param name="eventShape">[height, width] or [channels, height, width]; the extents are multiples of 2^n for n
    /// levels.</param>
    /// <param name="latent">Z, the number of latent variables.</param>
    /// <param name="channels">Channels of each level, the highest resolution first; null for
    /// <see cref="ImageNetworkSettings.DefaultChannels"/>.</param>
    /// <param name="likelihood">The distribution that the decoder's output parameterises.</param>
    /// <param name="rng">Source of the initial weights.</param>
    /// <param name="blocks">Residual blocks of each level.</param>
    /// <param name="attention">Whether the level of the lowest resolution has attention over its pixels.</param>
    /// <param name="hidden">Widths of linear layers between blocks and latents; null for
    /// <see cref="ImageNetworkSettings.DefaultHidden"/>.</param>
    /// <param name="activation">The nonlinearity; SiLU by default.</param>
    /// <param name="options">Posterior, flow, prior, context and the rest; their defaults where null.</param>
    /// <exception cref="ArgumentException">The shape is not the shape of images, its height or width is not a multiple
    /// of 2^n, or an option is for multilayer perceptrons only.</exception>
    public static Vae Residual(
        Shape eventShape, int latent, IReadOnlyList<int>? channels, Likelihood likelihood, Rng rng, int blocks = 1,
        bool attention = false, IReadOnlyList<int>? hidden = null, Activation? activation = null,
        VaeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(rng);
        channels ??= ImageNetworkSettings.DefaultChannels(eventShape);
        hidden ??= ImageNetworkSettings.DefaultHidden(eventShape);
        activation ??= Activation.Silu;
        options ??= new VaeOptions();
        options.RequireImageOptions();
        return options.Assemble(
            new ResidualEncoder(ImageShape.WithPlanes(eventShape, options.Context), latent, channels, blocks, attention,
                hidden, activation, options.Initializer, rng.Split("encoder"), options.DType, options.Posterior),
            inputs => new ResidualDecoder(
                eventShape, inputs, [.. channels.Reverse()], blocks, attention,
                [.. options.DecoderHidden ?? hidden.Reverse()], activation, likelihood, options.Initializer,
                rng.Split("decoder"), options.DType), contextAsPlanes: true);
    }
}
