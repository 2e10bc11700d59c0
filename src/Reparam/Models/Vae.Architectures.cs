using Reparam.Models.Bayesian;
using Reparam.Models.Flows;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Models;

public sealed partial class Vae
{
    /// <summary>
    /// The multilayer-perceptron VAE: <paramref name="hidden"/> widths in the encoder, the same reversed in the decoder
    /// where nothing else is said, the prior that goes with the posterior.
    /// </summary>
    /// <param name="eventShape">Extents of one datum.</param>
    /// <param name="latent">Z, the number of latent variables.</param>
    /// <param name="hidden">Widths of the encoder's hidden layers.</param>
    /// <param name="likelihood">What the decoder's output means.</param>
    /// <param name="rng">Source of the initial weights.</param>
    /// <param name="activation">The nonlinearity; tanh, the paper's, by default.</param>
    /// <param name="initializer">How weights are drawn; PyTorch's way by default.</param>
    /// <param name="dtype">Element type.</param>
    /// <param name="posterior">What kind of variables the latents are; independent normals by default.</param>
    /// <param name="flow">A flow that makes a normal posterior a richer one (<see cref="FlowEncoder"/>); none by
    /// default.</param>
    /// <param name="prior">Makes p(z) from the encoder without its flow, which a <see cref="VampPrior"/> looks through;
    /// by default the posterior's own, without anything to learn.</param>
    /// <param name="decoderHidden">Widths of the decoder's hidden linear layers; those of the encoder reversed by
    /// default.</param>
    /// <param name="context">The length of what the model is conditioned on; 0 for nothing.</param>
    /// <param name="uncertainWeights">Whether the decoder's weights have a posterior of their own
    /// (<see cref="BayesianMlpDecoder"/>), whose KL <see cref="InferencePass.WeightsKL"/> hands to the
    /// objective.</param>
    /// <param name="inputNoise">The probability with which each element is hidden from the encoder while training
    /// (<see cref="InputNoise"/>).</param>
    /// <param name="batchNorm">Whether hidden layers are normalised over the batch (<see cref="BatchNorm1d"/>), not
    /// those of uncertain weights. The model then has to be told what it is used for (<see cref="Module.SetMode"/>),
    /// which a trainer does.</param>
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
    /// The convolutional VAE: <see cref="ConvEncoder"/> with the given channels and hidden widths, the same reversed in
    /// a <see cref="ConvDecoder"/>, the prior that goes with the posterior. With 28x28 and 32x32 images two
    /// convolutions of 32 and 64 channels do well; the 64x64 model of Burgess et al. (2018) is near channels [32, 32,
    /// 64, 64] with hidden [256].
    /// </summary>
    /// <param name="eventShape">[height, width] or [channels, height, width]; the extents are multiples of 2^n for n
    /// channel counts.</param>
    /// <param name="latent">Z, the number of latent variables.</param>
    /// <param name="channels">Output channels of the encoder's convolutions; <see cref="DefaultChannels"/> where
    /// null.</param>
    /// <param name="likelihood">What the decoder's output means.</param>
    /// <param name="rng">Source of the initial weights.</param>
    /// <param name="hidden">Widths of linear layers between convolutions and latents; <see cref="DefaultHidden"/> where
    /// null.</param>
    /// <param name="activation">The nonlinearity; ReLU by default.</param>
    /// <param name="initializer">How weights are drawn; PyTorch's way by default.</param>
    /// <param name="dtype">Element type.</param>
    /// <param name="posterior">What kind of variables the latents are; independent normals by default.</param>
    /// <param name="flow">A flow that makes a normal posterior a richer one (<see cref="FlowEncoder"/>); none by
    /// default.</param>
    /// <param name="prior">Makes p(z) from the encoder without its flow, which a <see cref="VampPrior"/> looks through;
    /// by default the posterior's own, without anything to learn.</param>
    /// <param name="decoderHidden">Widths of the decoder's hidden linear layers; those of the encoder reversed by
    /// default.</param>
    /// <param name="context">The length of what the model is conditioned on; 0 for nothing.</param>
    /// <param name="inputNoise">The probability with which each element is hidden from the encoder while training
    /// (<see cref="InputNoise"/>).</param>
    /// <exception cref="ArgumentException">Data of this shape are no images, or cannot be halved so often.</exception>
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
    /// The residual VAE: <see cref="ResidualEncoder"/> and <see cref="ResidualDecoder"/> with the given channels at
    /// each level, the prior that goes with the posterior.
    /// </summary>
    /// <param name="eventShape">[height, width] or [channels, height, width]; the extents are multiples of 2^n for n
    /// levels.</param>
    /// <param name="latent">Z, the number of latent variables.</param>
    /// <param name="channels">Channels of each level, the highest resolution first; <see cref="DefaultChannels"/> where
    /// null.</param>
    /// <param name="likelihood">What the decoder's output means.</param>
    /// <param name="rng">Source of the initial weights.</param>
    /// <param name="blocks">Residual blocks of each level.</param>
    /// <param name="attention">Whether the lowest level attends over its pixels.</param>
    /// <param name="hidden">Widths of linear layers between blocks and latents; <see cref="DefaultHidden"/> where
    /// null.</param>
    /// <param name="activation">The nonlinearity; SiLU by default.</param>
    /// <param name="initializer">How weights are drawn; PyTorch's way by default.</param>
    /// <param name="dtype">Element type.</param>
    /// <param name="posterior">What kind of variables the latents are; independent normals by default.</param>
    /// <param name="flow">A flow that makes a normal posterior a richer one (<see cref="FlowEncoder"/>); none by
    /// default.</param>
    /// <param name="prior">Makes p(z) from the encoder without its flow, which a <see cref="VampPrior"/> looks through;
    /// by default the posterior's own, without anything to learn.</param>
    /// <param name="decoderHidden">Widths of the decoder's hidden linear layers; those of the encoder reversed by
    /// default.</param>
    /// <param name="context">The length of what the model is conditioned on; 0 for nothing.</param>
    /// <param name="inputNoise">The probability with which each element is hidden from the encoder while training
    /// (<see cref="InputNoise"/>).</param>
    /// <exception cref="ArgumentException">Data of this shape are no images, or cannot be halved so often.</exception>
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
    /// The channels that a convolutional model has where nothing is said: 32, 64 for images of less than 64 pixels in
    /// height or width, 32, 32, 64, 64 for larger ones; fewer where the extents cannot be halved so often.
    /// </summary>
    public static IReadOnlyList<int> DefaultChannels(Shape eventShape)
    {
        int[] channels = IsLarge(eventShape) ? [32, 32, 64, 64] : [32, 64];
        int possible = eventShape.Rank < 2 ? channels.Length
            : Math.Min(ImageShape.Halvings(eventShape[^2]), ImageShape.Halvings(eventShape[^1]));
        // With none possible the full list stays, and the model says what is wrong with the shape.
        return possible is > 0 && possible < channels.Length ? channels[..possible] : channels;
    }

    /// <summary>The hidden linear widths of a convolutional model where nothing is said: none for images of less than
    /// 64 pixels, 256 for larger ones.</summary>
    public static IReadOnlyList<int> DefaultHidden(Shape eventShape) => IsLarge(eventShape) ? [256] : [];

    private static bool IsLarge(Shape eventShape) =>
        eventShape.Rank >= 2 && Math.Min(eventShape[^2], eventShape[^1]) >= 64;
}
