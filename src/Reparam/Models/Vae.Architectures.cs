using Reparam.Models.Bayesian;
using Reparam.Models.Flows;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Models;

public sealed partial class Vae
{
    /// <summary>
    /// Makes a VAE of multilayer perceptrons. The encoder has the <paramref name="hidden"/> widths. The decoder has the
    /// same widths in reverse order by default. The default prior is the prior of the posterior's family.
    /// </summary>
    /// <param name="eventShape">Extents of one datum.</param>
    /// <param name="latent">Z, the number of latent variables.</param>
    /// <param name="hidden">Widths of the encoder's hidden layers.</param>
    /// <param name="likelihood">The distribution that the decoder's output parameterises.</param>
    /// <param name="rng">Source of the initial weights.</param>
    /// <param name="activation">The nonlinearity; by default tanh, as in Kingma and Welling (2013).</param>
    /// <param name="initializer">How weights are drawn; <see cref="Initializer.PyTorch"/> by default.</param>
    /// <param name="dtype">Element type.</param>
    /// <param name="posterior">The family of q(z|x); independent normals by default.</param>
    /// <param name="flow">A flow that transforms a normal posterior (<see cref="FlowEncoder"/>); none by
    /// default.</param>
    /// <param name="prior">Makes p(z) from the encoder before the flow, which a <see cref="VampPrior"/> needs. The
    /// default is the prior of the posterior's family, which has no learned parameters.</param>
    /// <param name="decoderHidden">Widths of the decoder's hidden linear layers; by default the encoder's widths in
    /// reverse order.</param>
    /// <param name="context">C, the length of the context that the model is conditioned on; 0 for no context.</param>
    /// <param name="uncertainWeights">Whether the decoder's weights have a posterior
    /// (<see cref="BayesianMlpDecoder"/>). The objective gets its KL in <see cref="InferencePass.WeightsKL"/>.</param>
    /// <param name="inputNoise">The probability that an element is set to 0 before the encoder in training
    /// (<see cref="InputNoise"/>).</param>
    /// <param name="batchNorm">Whether hidden layers have batch normalisation (<see cref="BatchNorm1d"/>). Layers with
    /// uncertain weights have none. With batch normalisation, call <see cref="Module.SetMode"/> before the model is
    /// used; a trainer does this.</param>
    public static Vae Mlp(
        Shape eventShape, int latent, IReadOnlyList<int> hidden, Likelihood likelihood, Rng rng,
        Activation? activation = null,
        Initializer? initializer = null, DType dtype = DType.Float32, PosteriorFamily? posterior = null,
        Flow? flow = null,
        Func<NetworkEncoder, Prior>? prior = null, IReadOnlyList<int>? decoderHidden = null, int context = 0,
        bool uncertainWeights = false, double inputNoise = 0, bool batchNorm = false)
    {
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentNullException.ThrowIfNull(hidden);
        activation ??= Activation.Tanh;
        initializer ??= Initializer.PyTorch;
        posterior ??= PosteriorFamily.Normal;
        IReadOnlyList<int> down = [.. decoderHidden ?? hidden.Reverse()];
        int inputs = posterior.EventShape(latent).Size + context;
        Rng decoder = rng.Split("decoder");
        return Assemble(
            new MlpEncoder(context == 0 ? eventShape : [eventShape.Size + context], latent, hidden, activation,
                initializer, rng.Split("encoder"), dtype, posterior, batchNorm),
            uncertainWeights
                ? new BayesianMlpDecoder(
                    eventShape, inputs, down, activation, likelihood, initializer, decoder, dtype: dtype)
                : new MlpDecoder(eventShape, inputs, down, activation, likelihood, initializer, decoder, dtype,
                    batchNorm), flow, prior, dtype, context, asPlanes: false, inputNoise);
    }

    /// <summary>
    /// Makes a convolutional VAE: a <see cref="ConvEncoder"/> with the given channels and hidden widths, and a
    /// <see cref="ConvDecoder"/> with both in reverse order. The default prior is the prior of the posterior's family.
    /// For images of 28x28 and 32x32, two convolutions with 32 and 64 channels work well. The 64x64 model of Burgess et
    /// al. (2018) is similar to channels [32, 32, 64, 64] with hidden [256].
    /// </summary>
    /// <param name="eventShape">[height, width] or [channels, height, width]; the extents are multiples of 2^n for n
    /// channel counts.</param>
    /// <param name="latent">Z, the number of latent variables.</param>
    /// <param name="channels">Output channels of the encoder's convolutions; null for
    /// <see cref="DefaultChannels"/>.</param>
    /// <param name="likelihood">The distribution that the decoder's output parameterises.</param>
    /// <param name="rng">Source of the initial weights.</param>
    /// <param name="hidden">Widths of linear layers between convolutions and latents; null for
    /// <see cref="DefaultHidden"/>.</param>
    /// <param name="activation">The nonlinearity; ReLU by default.</param>
    /// <param name="initializer">How weights are drawn; <see cref="Initializer.PyTorch"/> by default.</param>
    /// <param name="dtype">Element type.</param>
    /// <param name="posterior">The family of q(z|x); independent normals by default.</param>
    /// <param name="flow">A flow that transforms a normal posterior (<see cref="FlowEncoder"/>); none by
    /// default.</param>
    /// <param name="prior">Makes p(z) from the encoder before the flow, which a <see cref="VampPrior"/> needs. The
    /// default is the prior of the posterior's family, which has no learned parameters.</param>
    /// <param name="decoderHidden">Widths of the decoder's hidden linear layers; by default the encoder's widths in
    /// reverse order.</param>
    /// <param name="context">C, the length of the context that the model is conditioned on; 0 for no context.</param>
    /// <param name="inputNoise">The probability that an element is set to 0 before the encoder in training
    /// (<see cref="InputNoise"/>).</param>
    /// <exception cref="ArgumentException">The shape is not the shape of images, or its height or width is not a
    /// multiple of 2^n.</exception>
    public static Vae Conv(
        Shape eventShape, int latent, IReadOnlyList<int>? channels, Likelihood likelihood, Rng rng,
        IReadOnlyList<int>? hidden = null, Activation? activation = null,
        Initializer? initializer = null, DType dtype = DType.Float32, PosteriorFamily? posterior = null,
        Flow? flow = null,
        Func<NetworkEncoder, Prior>? prior = null, IReadOnlyList<int>? decoderHidden = null, int context = 0,
        double inputNoise = 0)
    {
        ArgumentNullException.ThrowIfNull(rng);
        channels ??= DefaultChannels(eventShape);
        hidden ??= DefaultHidden(eventShape);
        activation ??= Activation.Relu;
        initializer ??= Initializer.PyTorch;
        posterior ??= PosteriorFamily.Normal;
        return Assemble(
            new ConvEncoder(ImageShape.WithPlanes(eventShape, context), latent, channels, hidden, activation,
                initializer, rng.Split("encoder"), dtype, posterior),
            new ConvDecoder(eventShape, posterior.EventShape(latent).Size + context, [.. channels.Reverse()],
                [.. decoderHidden ?? hidden.Reverse()], activation, likelihood, initializer, rng.Split("decoder"),
                dtype), flow, prior, dtype, context, asPlanes: true, inputNoise);
    }

    /// <summary>
    /// Makes a residual VAE: a <see cref="ResidualEncoder"/> and a <see cref="ResidualDecoder"/> with the given
    /// channels at each level. The default prior is the prior of the posterior's family.
    /// </summary>
    /// <param name="eventShape">[height, width] or [channels, height, width]; the extents are multiples of 2^n for n
    /// levels.</param>
    /// <param name="latent">Z, the number of latent variables.</param>
    /// <param name="channels">Channels of each level, the highest resolution first; null for
    /// <see cref="DefaultChannels"/>.</param>
    /// <param name="likelihood">The distribution that the decoder's output parameterises.</param>
    /// <param name="rng">Source of the initial weights.</param>
    /// <param name="blocks">Residual blocks of each level.</param>
    /// <param name="attention">Whether the level of the lowest resolution has attention over its pixels.</param>
    /// <param name="hidden">Widths of linear layers between blocks and latents; null for
    /// <see cref="DefaultHidden"/>.</param>
    /// <param name="activation">The nonlinearity; SiLU by default.</param>
    /// <param name="initializer">How weights are drawn; <see cref="Initializer.PyTorch"/> by default.</param>
    /// <param name="dtype">Element type.</param>
    /// <param name="posterior">The family of q(z|x); independent normals by default.</param>
    /// <param name="flow">A flow that transforms a normal posterior (<see cref="FlowEncoder"/>); none by
    /// default.</param>
    /// <param name="prior">Makes p(z) from the encoder before the flow, which a <see cref="VampPrior"/> needs. The
    /// default is the prior of the posterior's family, which has no learned parameters.</param>
    /// <param name="decoderHidden">Widths of the decoder's hidden linear layers; by default the encoder's widths in
    /// reverse order.</param>
    /// <param name="context">C, the length of the context that the model is conditioned on; 0 for no context.</param>
    /// <param name="inputNoise">The probability that an element is set to 0 before the encoder in training
    /// (<see cref="InputNoise"/>).</param>
    /// <exception cref="ArgumentException">The shape is not the shape of images, or its height or width is not a
    /// multiple of 2^n.</exception>
    public static Vae Residual(
        Shape eventShape, int latent, IReadOnlyList<int>? channels, Likelihood likelihood, Rng rng, int blocks = 1,
        bool attention = false,
        IReadOnlyList<int>? hidden = null, Activation? activation = null, Initializer? initializer = null,
        DType dtype = DType.Float32, PosteriorFamily? posterior = null, Flow? flow = null,
        Func<NetworkEncoder, Prior>? prior = null, IReadOnlyList<int>? decoderHidden = null, int context = 0,
        double inputNoise = 0)
    {
        ArgumentNullException.ThrowIfNull(rng);
        channels ??= DefaultChannels(eventShape);
        hidden ??= DefaultHidden(eventShape);
        activation ??= Activation.Silu;
        initializer ??= Initializer.PyTorch;
        posterior ??= PosteriorFamily.Normal;
        return Assemble(
            new ResidualEncoder(ImageShape.WithPlanes(eventShape, context), latent, channels, blocks, attention, hidden,
                activation, initializer, rng.Split("encoder"), dtype, posterior),
            new ResidualDecoder(
                eventShape, posterior.EventShape(latent).Size + context, [.. channels.Reverse()], blocks, attention,
                [.. decoderHidden ?? hidden.Reverse()], activation, likelihood, initializer, rng.Split("decoder"),
                dtype), flow, prior, dtype, context, asPlanes: true, inputNoise);
    }

    private static Vae Assemble(NetworkEncoder encoder, Decoder decoder, Flow? flow, Func<NetworkEncoder, Prior>? prior,
        DType dtype, int context, bool asPlanes, double inputNoise) =>
        new(flow is null ? encoder : new FlowEncoder(encoder, flow), decoder, prior?.Invoke(encoder)
            ?? encoder.Family.Prior(encoder.Latent, dtype), context, asPlanes)
        {
            InputNoise = inputNoise,
        };

    /// <summary>
    /// The default channels of a convolutional model: [32, 64] for images of less than 64 pixels in height or width,
    /// and [32, 32, 64, 64] for larger images. If the extents cannot be halved that often, the list is shorter.
    /// </summary>
    public static IReadOnlyList<int> DefaultChannels(Shape eventShape)
    {
        int[] channels = IsLarge(eventShape) ? [32, 32, 64, 64] : [32, 64];
        int possible = eventShape.Rank < 2 ? channels.Length
            : Math.Min(ImageShape.Halvings(eventShape[^2]), ImageShape.Halvings(eventShape[^1]));
        // If no halving is possible, the list is not shortened, and the model reports the problem with the shape.
        return possible is > 0 && possible < channels.Length ? channels[..possible] : channels;
    }

    /// <summary>The default widths of the hidden linear layers of a convolutional model: none for images of less than
    /// 64 pixels in height or width, and [256] for larger images.</summary>
    public static IReadOnlyList<int> DefaultHidden(Shape eventShape) => IsLarge(eventShape) ? [256] : [];

    private static bool IsLarge(Shape eventShape) =>
        eventShape.Rank >= 2 && Math.Min(eventShape[^2], eventShape[^1]) >= 64;
}
