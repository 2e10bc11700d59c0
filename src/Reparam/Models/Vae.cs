using Reparam.Distributions;
using Reparam.Models.Flows;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// A variational autoencoder (Kingma and Welling 2013; Rezende, Mohamed and Wierstra 2014): an encoder q(z|x), a decoder
/// p(x|z) and a prior p(z).
/// </summary>
public sealed class Vae : Module
{
    /// <summary>Puts a model together from its three parts.</summary>
    /// <param name="encoder">q(z|x).</param>
    /// <param name="decoder">p(x|z).</param>
    /// <param name="prior">p(z).</param>
    public Vae(Encoder encoder, Decoder decoder, Prior prior)
    {
        Encoder = Child("encoder", encoder);
        Decoder = Child("decoder", decoder);
        Prior = Child("prior", prior);
    }

    /// <summary>q(z|x).</summary>
    public Encoder Encoder { get; }

    /// <summary>p(x|z).</summary>
    public Decoder Decoder { get; }

    /// <summary>p(z).</summary>
    public Prior Prior { get; }

    /// <summary>Element type of the parameters.</summary>
    public DType DType => Parameters[0].Value.DType;

    /// <summary>
    /// The multilayer-perceptron VAE: <paramref name="hidden"/> widths in the encoder, the same reversed in the decoder, a standard normal prior.
    /// </summary>
    /// <param name="eventShape">Extents of one datum.</param>
    /// <param name="latent">Z, the length of a latent vector.</param>
    /// <param name="hidden">Widths of the encoder's hidden layers.</param>
    /// <param name="likelihood">What the decoder's output means.</param>
    /// <param name="rng">Source of the initial weights.</param>
    /// <param name="activation">The nonlinearity; tanh, the paper's, by default.</param>
    /// <param name="initializer">How weights are drawn; PyTorch's way by default.</param>
    /// <param name="dtype">Element type.</param>
    /// <param name="posterior">A flow that makes the normal posterior a richer one (<see cref="FlowEncoder"/>); none by default.</param>
    public static Vae Mlp(
        Shape eventShape, int latent, IReadOnlyList<int> hidden, Likelihood likelihood, Rng rng, Activation? activation = null,
        Initializer? initializer = null, DType dtype = DType.Float32, Flow? posterior = null)
    {
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentNullException.ThrowIfNull(hidden);
        activation ??= Activation.Tanh;
        initializer ??= Initializer.PyTorch;
        return new Vae(
            Through(new MlpEncoder(eventShape, latent, hidden, activation, initializer, rng.Split("encoder"), dtype), posterior),
            new MlpDecoder(eventShape, latent, [.. hidden.Reverse()], activation, likelihood, initializer, rng.Split("decoder"), dtype),
            new StandardNormalPrior(latent, dtype));
    }

    /// <summary>
    /// The convolutional VAE: <see cref="ConvEncoder"/> with the given channels and hidden widths, the same reversed in a <see cref="ConvDecoder"/>, a standard
    /// normal prior. With 28x28 and 32x32 images two convolutions of 32 and 64 channels do well; the 64x64 model of Burgess et al. (2018) is near
    /// channels [32, 32, 64, 64] with hidden [256].
    /// </summary>
    /// <param name="eventShape">[height, width] or [channels, height, width]; the extents are multiples of 2^n for n channel counts.</param>
    /// <param name="latent">Z, the length of a latent vector.</param>
    /// <param name="channels">Output channels of the encoder's convolutions; <see cref="DefaultChannels"/> where null.</param>
    /// <param name="likelihood">What the decoder's output means.</param>
    /// <param name="rng">Source of the initial weights.</param>
    /// <param name="hidden">Widths of linear layers between convolutions and latents; <see cref="DefaultHidden"/> where null.</param>
    /// <param name="activation">The nonlinearity; ReLU by default.</param>
    /// <param name="initializer">How weights are drawn; PyTorch's way by default.</param>
    /// <param name="dtype">Element type.</param>
    /// <param name="posterior">A flow that makes the normal posterior a richer one (<see cref="FlowEncoder"/>); none by default.</param>
    /// <exception cref="ArgumentException">Data of this shape are no images, or cannot be halved so often.</exception>
    public static Vae Conv(
        Shape eventShape, int latent, IReadOnlyList<int>? channels, Likelihood likelihood, Rng rng, IReadOnlyList<int>? hidden = null, Activation? activation = null,
        Initializer? initializer = null, DType dtype = DType.Float32, Flow? posterior = null)
    {
        ArgumentNullException.ThrowIfNull(rng);
        channels ??= DefaultChannels(eventShape);
        hidden ??= DefaultHidden(eventShape);
        activation ??= Activation.Relu;
        initializer ??= Initializer.PyTorch;
        return new Vae(
            Through(new ConvEncoder(eventShape, latent, channels, hidden, activation, initializer, rng.Split("encoder"), dtype), posterior),
            new ConvDecoder(eventShape, latent, [.. channels.Reverse()], [.. hidden.Reverse()], activation, likelihood, initializer, rng.Split("decoder"), dtype),
            new StandardNormalPrior(latent, dtype));
    }

    /// <summary>
    /// The residual VAE: <see cref="ResidualEncoder"/> and <see cref="ResidualDecoder"/> with the given channels at each level, a standard normal prior.
    /// </summary>
    /// <param name="eventShape">[height, width] or [channels, height, width]; the extents are multiples of 2^n for n levels.</param>
    /// <param name="latent">Z, the length of a latent vector.</param>
    /// <param name="channels">Channels of each level, the highest resolution first; <see cref="DefaultChannels"/> where null.</param>
    /// <param name="likelihood">What the decoder's output means.</param>
    /// <param name="rng">Source of the initial weights.</param>
    /// <param name="blocks">Residual blocks of each level.</param>
    /// <param name="attention">Whether the lowest level attends over its pixels.</param>
    /// <param name="hidden">Widths of linear layers between blocks and latents; <see cref="DefaultHidden"/> where null.</param>
    /// <param name="activation">The nonlinearity; SiLU by default.</param>
    /// <param name="initializer">How weights are drawn; PyTorch's way by default.</param>
    /// <param name="dtype">Element type.</param>
    /// <param name="posterior">A flow that makes the normal posterior a richer one (<see cref="FlowEncoder"/>); none by default.</param>
    /// <exception cref="ArgumentException">Data of this shape are no images, or cannot be halved so often.</exception>
    public static Vae Residual(
        Shape eventShape, int latent, IReadOnlyList<int>? channels, Likelihood likelihood, Rng rng, int blocks = 1, bool attention = false,
        IReadOnlyList<int>? hidden = null, Activation? activation = null, Initializer? initializer = null, DType dtype = DType.Float32, Flow? posterior = null)
    {
        ArgumentNullException.ThrowIfNull(rng);
        channels ??= DefaultChannels(eventShape);
        hidden ??= DefaultHidden(eventShape);
        activation ??= Activation.Silu;
        initializer ??= Initializer.PyTorch;
        return new Vae(
            Through(new ResidualEncoder(eventShape, latent, channels, blocks, attention, hidden, activation, initializer, rng.Split("encoder"), dtype), posterior),
            new ResidualDecoder(
                eventShape, latent, [.. channels.Reverse()], blocks, attention, [.. hidden.Reverse()], activation, likelihood, initializer, rng.Split("decoder"), dtype),
            new StandardNormalPrior(latent, dtype));
    }

    private static Encoder Through(NormalEncoder encoder, Flow? posterior) => posterior is null ? encoder : new FlowEncoder(encoder, posterior);

    /// <summary>
    /// The channels that a convolutional model has where nothing is said: 32, 64 for images of less than 64 pixels in height or width, 32, 32, 64, 64 for larger
    /// ones; fewer where the extents cannot be halved so often.
    /// </summary>
    public static IReadOnlyList<int> DefaultChannels(Shape eventShape)
    {
        int[] channels = IsLarge(eventShape) ? [32, 32, 64, 64] : [32, 64];
        int possible = eventShape.Rank < 2 ? channels.Length : Math.Min(ImageShape.Halvings(eventShape[^2]), ImageShape.Halvings(eventShape[^1]));
        // With none possible the full list stays, and the model says what is wrong with the shape.
        return possible is > 0 && possible < channels.Length ? channels[..possible] : channels;
    }

    /// <summary>The hidden linear widths of a convolutional model where nothing is said: none for images of less than 64 pixels, 256 for larger ones.</summary>
    public static IReadOnlyList<int> DefaultHidden(Shape eventShape) => IsLarge(eventShape) ? [256] : [];

    private static bool IsLarge(Shape eventShape) => eventShape.Rank >= 2 && Math.Min(eventShape[^2], eventShape[^1]) >= 64;

    /// <summary>
    /// Infers the latents of a batch and scores it: z ~ q(z|x) with pathwise gradients, log p(x|z).
    /// </summary>
    /// <param name="x">Data, [B] + event.</param>
    /// <param name="rng">Source of the noise; positioned by step and datum with <see cref="Rng.At"/>.</param>
    /// <param name="samples">K, draws of z for each datum.</param>
    public InferencePass Infer(Tensor x, Rng rng, int samples = 1)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        // Layers name themselves; these names are for what happens between them, such as the exponential of a log-variance.
        ReparameterizedDistribution posterior;
        using (LayerName.Enter(Encoder.Path)) posterior = Encoder.Given(x);
        return Infer(x, posterior, rng, samples);
    }

    /// <summary>The same from a posterior that is known already, so that many draws need not encode the data again and again.</summary>
    /// <param name="x">Data, [B] + event.</param>
    /// <param name="posterior">q(z|x), as <see cref="Encoder"/> gave it for these data.</param>
    /// <param name="rng">Source of the noise.</param>
    /// <param name="samples">K, draws of z for each datum.</param>
    public InferencePass Infer(Tensor x, ReparameterizedDistribution posterior, Rng rng, int samples = 1)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(posterior);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        LatentTerm latent;
        using (LayerName.Enter("sample")) latent = LatentTerm.Draw("z", posterior, Prior.Distribution, rng, samples);
        Distribution likelihood;
        using (LayerName.Enter(Decoder.Path)) likelihood = Decoder.Given(latent.Value);
        Tensor logLikelihood;
        using (LayerName.Enter("likelihood")) logLikelihood = likelihood.LogProb(x);
        return new InferencePass(logLikelihood, [latent]);
    }

    /// <summary>The mean of q(z|x) for each datum, [B, Z]: what "the embedding of x" means unless a sample is asked for. Of a flow, the image of the mean it starts from.</summary>
    public Tensor Encode(Tensor x) => Encoder.PointOf(Encoder.Given(x));

    /// <summary>The mean of p(x|z) for each latent vector.</summary>
    public Tensor Decode(Tensor z) => Decoder.Given(z).Mean;

    /// <summary>The mean of p(x|z) for <paramref name="count"/> draws z ~ p(z).</summary>
    public Tensor Generate(int count, Rng rng) => Decode(Prior.Distribution.Sample(rng, [count]));
}
