using Reparam.Distributions;
using Reparam.Models.Bayesian;
using Reparam.Models.Flows;
using Reparam.Networks;
using Reparam.Networks.Initialization;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// A variational autoencoder (Kingma and Welling 2013; Rezende, Mohamed and Wierstra 2014): an encoder q(z|x), a decoder
/// p(x|z) and a prior p(z). With a context y it is conditional: q(z|x, y), p(x|z, y), p(z).
/// </summary>
public sealed class Vae : Module
{
    private readonly bool _hasUncertainWeights, _contextAsPlanes;

    /// <summary>Puts a model together from its three parts.</summary>
    /// <param name="encoder">q(z|x); with a context, of data that it has been joined to.</param>
    /// <param name="decoder">p(x|z); with a context, of latents that it has been joined to.</param>
    /// <param name="prior">p(z).</param>
    /// <param name="context">C, the length of what the model is conditioned on; 0 for nothing.</param>
    /// <param name="contextAsPlanes">Whether the encoder takes the context as C more channels of an image, each constant, instead of C more numbers.</param>
    public Vae(Encoder encoder, Decoder decoder, Prior prior, int context = 0, bool contextAsPlanes = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(context);
        Encoder = Child("encoder", encoder);
        Decoder = Child("decoder", decoder);
        Prior = Child("prior", prior);
        (Context, _contextAsPlanes) = (context, contextAsPlanes);
        _hasUncertainWeights = Tree.OfType<BayesianLayer>().Any();
    }

    /// <summary>C, the length of what encoder and decoder are conditioned on (a conditional VAE: Kingma et al. 2014; Sohn, Lee and Yan 2015): a one-hot label, say; 0 for nothing.</summary>
    public int Context { get; }

    /// <summary>q(z|x).</summary>
    public Encoder Encoder { get; }

    /// <summary>p(x|z).</summary>
    public Decoder Decoder { get; }

    /// <summary>p(z).</summary>
    public Prior Prior { get; }

    /// <summary>Element type of the parameters.</summary>
    public DType DType => Parameters[0].Value.DType;

    /// <summary>
    /// The multilayer-perceptron VAE: <paramref name="hidden"/> widths in the encoder, the same reversed in the decoder where nothing else is said, the prior that goes with the posterior.
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
    /// <param name="flow">A flow that makes a normal posterior a richer one (<see cref="FlowEncoder"/>); none by default.</param>
    /// <param name="prior">Makes p(z) from the encoder without its flow, which a <see cref="VampPrior"/> looks through; by default the posterior's own, without anything to learn.</param>
    /// <param name="decoderHidden">Widths of the decoder's hidden linear layers; those of the encoder reversed by default.</param>
    /// <param name="context">The length of what the model is conditioned on; 0 for nothing.</param>
    /// <param name="uncertainWeights">Whether the decoder's weights have a posterior of their own (<see cref="BayesianMlpDecoder"/>), whose KL <see cref="InferencePass.WeightsKL"/> hands to the objective.</param>
    public static Vae Mlp(
        Shape eventShape, int latent, IReadOnlyList<int> hidden, Likelihood likelihood, Rng rng, Activation? activation = null,
        Initializer? initializer = null, DType dtype = DType.Float32, PosteriorFamily? posterior = null, Flow? flow = null,
        Func<NetworkEncoder, Prior>? prior = null, IReadOnlyList<int>? decoderHidden = null, int context = 0, bool uncertainWeights = false)
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
            new MlpEncoder(context == 0 ? eventShape : [eventShape.Size + context], latent, hidden, activation, initializer, rng.Split("encoder"), dtype, posterior),
            uncertainWeights
                ? new BayesianMlpDecoder(eventShape, inputs, down, activation, likelihood, initializer, decoder, dtype: dtype)
                : new MlpDecoder(eventShape, inputs, down, activation, likelihood, initializer, decoder, dtype), flow, prior, dtype, context, asPlanes: false);
    }

    /// <summary>
    /// The convolutional VAE: <see cref="ConvEncoder"/> with the given channels and hidden widths, the same reversed in a <see cref="ConvDecoder"/>, the prior that goes
    /// with the posterior. With 28x28 and 32x32 images two convolutions of 32 and 64 channels do well; the 64x64 model of Burgess et al. (2018) is near
    /// channels [32, 32, 64, 64] with hidden [256].
    /// </summary>
    /// <param name="eventShape">[height, width] or [channels, height, width]; the extents are multiples of 2^n for n channel counts.</param>
    /// <param name="latent">Z, the number of latent variables.</param>
    /// <param name="channels">Output channels of the encoder's convolutions; <see cref="DefaultChannels"/> where null.</param>
    /// <param name="likelihood">What the decoder's output means.</param>
    /// <param name="rng">Source of the initial weights.</param>
    /// <param name="hidden">Widths of linear layers between convolutions and latents; <see cref="DefaultHidden"/> where null.</param>
    /// <param name="activation">The nonlinearity; ReLU by default.</param>
    /// <param name="initializer">How weights are drawn; PyTorch's way by default.</param>
    /// <param name="dtype">Element type.</param>
    /// <param name="posterior">What kind of variables the latents are; independent normals by default.</param>
    /// <param name="flow">A flow that makes a normal posterior a richer one (<see cref="FlowEncoder"/>); none by default.</param>
    /// <param name="prior">Makes p(z) from the encoder without its flow, which a <see cref="VampPrior"/> looks through; by default the posterior's own, without anything to learn.</param>
    /// <param name="decoderHidden">Widths of the decoder's hidden linear layers; those of the encoder reversed by default.</param>
    /// <param name="context">The length of what the model is conditioned on; 0 for nothing.</param>
    /// <exception cref="ArgumentException">Data of this shape are no images, or cannot be halved so often.</exception>
    public static Vae Conv(
        Shape eventShape, int latent, IReadOnlyList<int>? channels, Likelihood likelihood, Rng rng, IReadOnlyList<int>? hidden = null, Activation? activation = null,
        Initializer? initializer = null, DType dtype = DType.Float32, PosteriorFamily? posterior = null, Flow? flow = null,
        Func<NetworkEncoder, Prior>? prior = null, IReadOnlyList<int>? decoderHidden = null, int context = 0)
    {
        ArgumentNullException.ThrowIfNull(rng);
        channels ??= DefaultChannels(eventShape);
        hidden ??= DefaultHidden(eventShape);
        activation ??= Activation.Relu;
        initializer ??= Initializer.PyTorch;
        posterior ??= PosteriorFamily.Normal;
        return Assemble(
            new ConvEncoder(ImageShape.WithPlanes(eventShape, context), latent, channels, hidden, activation, initializer, rng.Split("encoder"), dtype, posterior),
            new ConvDecoder(eventShape, posterior.EventShape(latent).Size + context, [.. channels.Reverse()], [.. decoderHidden ?? hidden.Reverse()], activation, likelihood, initializer, rng.Split("decoder"), dtype), flow, prior, dtype, context, asPlanes: true);
    }

    /// <summary>
    /// The residual VAE: <see cref="ResidualEncoder"/> and <see cref="ResidualDecoder"/> with the given channels at each level, the prior that goes with the posterior.
    /// </summary>
    /// <param name="eventShape">[height, width] or [channels, height, width]; the extents are multiples of 2^n for n levels.</param>
    /// <param name="latent">Z, the number of latent variables.</param>
    /// <param name="channels">Channels of each level, the highest resolution first; <see cref="DefaultChannels"/> where null.</param>
    /// <param name="likelihood">What the decoder's output means.</param>
    /// <param name="rng">Source of the initial weights.</param>
    /// <param name="blocks">Residual blocks of each level.</param>
    /// <param name="attention">Whether the lowest level attends over its pixels.</param>
    /// <param name="hidden">Widths of linear layers between blocks and latents; <see cref="DefaultHidden"/> where null.</param>
    /// <param name="activation">The nonlinearity; SiLU by default.</param>
    /// <param name="initializer">How weights are drawn; PyTorch's way by default.</param>
    /// <param name="dtype">Element type.</param>
    /// <param name="posterior">What kind of variables the latents are; independent normals by default.</param>
    /// <param name="flow">A flow that makes a normal posterior a richer one (<see cref="FlowEncoder"/>); none by default.</param>
    /// <param name="prior">Makes p(z) from the encoder without its flow, which a <see cref="VampPrior"/> looks through; by default the posterior's own, without anything to learn.</param>
    /// <param name="decoderHidden">Widths of the decoder's hidden linear layers; those of the encoder reversed by default.</param>
    /// <param name="context">The length of what the model is conditioned on; 0 for nothing.</param>
    /// <exception cref="ArgumentException">Data of this shape are no images, or cannot be halved so often.</exception>
    public static Vae Residual(
        Shape eventShape, int latent, IReadOnlyList<int>? channels, Likelihood likelihood, Rng rng, int blocks = 1, bool attention = false,
        IReadOnlyList<int>? hidden = null, Activation? activation = null, Initializer? initializer = null, DType dtype = DType.Float32, PosteriorFamily? posterior = null, Flow? flow = null,
        Func<NetworkEncoder, Prior>? prior = null, IReadOnlyList<int>? decoderHidden = null, int context = 0)
    {
        ArgumentNullException.ThrowIfNull(rng);
        channels ??= DefaultChannels(eventShape);
        hidden ??= DefaultHidden(eventShape);
        activation ??= Activation.Silu;
        initializer ??= Initializer.PyTorch;
        posterior ??= PosteriorFamily.Normal;
        return Assemble(
            new ResidualEncoder(ImageShape.WithPlanes(eventShape, context), latent, channels, blocks, attention, hidden, activation, initializer, rng.Split("encoder"), dtype, posterior),
            new ResidualDecoder(
                eventShape, posterior.EventShape(latent).Size + context, [.. channels.Reverse()], blocks, attention, [.. decoderHidden ?? hidden.Reverse()], activation, likelihood, initializer, rng.Split("decoder"), dtype), flow, prior, dtype, context, asPlanes: true);
    }

    private static Vae Assemble(NetworkEncoder encoder, Decoder decoder, Flow? flow, Func<NetworkEncoder, Prior>? prior, DType dtype, int context, bool asPlanes) =>
        new(flow is null ? encoder : new FlowEncoder(encoder, flow), decoder, prior?.Invoke(encoder) ?? encoder.Family.Prior(encoder.Latent, dtype), context, asPlanes);

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

    /// <summary>q(z|x), or q(z|x, y) with a context.</summary>
    /// <param name="x">Data, [B] + event.</param>
    /// <param name="context">y, [B, C]; null for a model without.</param>
    /// <exception cref="ArgumentException">The model has a context and none is given, or the other way round.</exception>
    public Distribution Posterior(Tensor x, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        RequireContext(context);
        if (context is null) return Encoder.Given(x);
        if (!_contextAsPlanes) return Encoder.Given(Tensor.Concat(^1, x.Reshape([x.Shape[0], x.Shape[1..].Size]), context));
        Tensor image = x.Rank == 3 ? x.Reshape([x.Shape[0], 1, .. x.Shape[1..]]) : x;
        Shape planes = [x.Shape[0], Context, .. image.Shape[2..]];
        return Encoder.Given(Tensor.Concat(1, image, context.Reshape([x.Shape[0], Context, 1, 1]).BroadcastTo(planes)));
    }

    /// <summary>p(x|z), or p(x|z, y) with a context, for latent vectors [..., B, Z].</summary>
    /// <param name="z">Latent vectors.</param>
    /// <param name="context">y, [B, C]; null for a model without.</param>
    /// <exception cref="ArgumentException">The model has a context and none is given, or the other way round.</exception>
    public Distribution Likelihood(Tensor z, Tensor? context = null) => Decoder.Given(WithContext(z, context));

    /// <summary>
    /// Infers the latents of a batch and scores it: z ~ q(z|x), log p(x|z). Gradients pass through the draws where q is a <see cref="ReparameterizedDistribution"/>; of other latents
    /// <paramref name="discrete"/> says what becomes of them.
    /// </summary>
    /// <param name="x">Data, [B] + event.</param>
    /// <param name="rng">Source of the noise; positioned by step and datum with <see cref="Rng.At"/>.</param>
    /// <param name="samples">K, draws of z for each datum.</param>
    /// <param name="discrete">How latents without pathwise gradients are drawn; exactly by default, as evaluation needs them.</param>
    /// <param name="context">y, [B, C]; null for a model without.</param>
    public InferencePass Infer(Tensor x, Rng rng, int samples = 1, DiscreteDraw? discrete = null, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        // Layers name themselves; these names are for what happens between them, such as the exponential of a log-variance.
        Distribution posterior;
        using (LayerName.Enter(Encoder.Path)) posterior = Posterior(x, context);
        return Infer(x, posterior, rng, samples, discrete, context);
    }

    /// <summary>The same from a posterior that is known already, so that many draws need not encode the data again and again.</summary>
    /// <param name="x">Data, [B] + event.</param>
    /// <param name="posterior">q(z|x), as <see cref="Posterior"/> gave it for these data.</param>
    /// <param name="rng">Source of the noise.</param>
    /// <param name="samples">K, draws of z for each datum.</param>
    /// <param name="discrete">How latents without pathwise gradients are drawn; exactly by default.</param>
    /// <param name="context">y, [B, C]; null for a model without.</param>
    public InferencePass Infer(Tensor x, Distribution posterior, Rng rng, int samples = 1, DiscreteDraw? discrete = null, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(posterior);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        LatentTerm latent;
        using (LayerName.Enter("sample")) latent = LatentTerm.Draw("z", posterior, Prior.Distribution, rng, samples, discrete);
        Distribution likelihood;
        using (LayerName.Enter(Decoder.Path)) likelihood = Decoder.Given(WithContext(LatentTerm.Flat(latent.Value, posterior.EventShape), context), rng);
        Tensor logLikelihood;
        using (LayerName.Enter("likelihood")) logLikelihood = likelihood.LogProb(x);
        return new InferencePass(logLikelihood, [latent]) { WeightsKL = _hasUncertainWeights ? BayesianLayer.KL(this) : null };
    }

    /// <summary>
    /// What "the embedding of x" means unless a sample is asked for, [B, Z]: the mean of q(z|x); of discrete latents their probabilities, those of one variable after those of the other; of a flow
    /// the image of the mean it starts from.
    /// </summary>
    public Tensor Encode(Tensor x, Tensor? context = null)
    {
        Distribution posterior = Posterior(x, context);
        return LatentTerm.Flat(Encoder.PointOf(posterior), posterior.EventShape);
    }

    /// <summary>Draws z ~ q(z|x), one for each datum, [B, Z], without a gradient.</summary>
    public Tensor Encode(Tensor x, Rng rng, Tensor? context = null)
    {
        Distribution posterior = Posterior(x, context);
        return LatentTerm.Flat(posterior.Sample(rng), posterior.EventShape);
    }

    /// <summary>The mean of p(x|z) for each latent vector [..., B, Z].</summary>
    public Tensor Decode(Tensor z, Tensor? context = null) => Likelihood(z, context).Mean;

    /// <summary><paramref name="count"/> latent vectors z ~ p(z), [count, Z].</summary>
    public Tensor SamplePrior(int count, Rng rng)
    {
        Distribution prior = Prior.Distribution;
        return LatentTerm.Flat(prior.Sample(rng, [count]), prior.EventShape);
    }

    /// <summary>The mean of p(x|z) for <paramref name="count"/> draws z ~ p(z).</summary>
    public Tensor Generate(int count, Rng rng, Tensor? context = null) => Decode(SamplePrior(count, rng), context);

    /// <summary>Latent vectors [..., B, Z] with the context of their datum behind each.</summary>
    private Tensor WithContext(Tensor z, Tensor? context)
    {
        ArgumentNullException.ThrowIfNull(z);
        RequireContext(context);
        return context is null ? z : Tensor.Concat(^1, z, context.BroadcastTo(z.Shape[..^1] + [Context]));
    }

    private void RequireContext(Tensor? context)
    {
        if (context is null && Context > 0) throw new ArgumentException($"The model is conditioned on a context of length {Context}, such as a one-hot label: give one for each datum, [B, {Context}].", nameof(context));
        if (context is not null && (Context == 0 || context.Rank != 2 || context.Shape[1] != Context))
            throw new ArgumentException(Context == 0 ? "The model is not conditioned on anything: make it with a context, or give none." : $"The context has shape [B, {Context}], not {context.Shape}.", nameof(context));
    }
}
