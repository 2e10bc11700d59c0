using Reparam.Distributions;
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
    public static Vae Mlp(
        Shape eventShape, int latent, IReadOnlyList<int> hidden, Likelihood likelihood, Rng rng, Activation? activation = null,
        Initializer? initializer = null, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentNullException.ThrowIfNull(hidden);
        activation ??= Activation.Tanh;
        initializer ??= Initializer.PyTorch;
        return new Vae(
            new MlpEncoder(eventShape, latent, hidden, activation, initializer, rng.Split("encoder"), dtype),
            new MlpDecoder(eventShape, latent, [.. hidden.Reverse()], activation, likelihood, initializer, rng.Split("decoder"), dtype),
            new StandardNormalPrior(latent, dtype));
    }

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
        Tensor z;
        using (LayerName.Enter("sample")) z = posterior.RSample(rng, [samples]);
        Distribution likelihood;
        using (LayerName.Enter(Decoder.Path)) likelihood = Decoder.Given(z);
        Tensor logLikelihood;
        using (LayerName.Enter("likelihood")) logLikelihood = likelihood.LogProb(x);
        return new InferencePass(logLikelihood, [new LatentTerm("z", posterior, Prior.Distribution, z)]);
    }

    /// <summary>The mean of q(z|x) for each datum, [B, Z]: what "the embedding of x" means unless a sample is asked for.</summary>
    public Tensor Encode(Tensor x) => Encoder.Given(x).Mean;

    /// <summary>The mean of p(x|z) for each latent vector.</summary>
    public Tensor Decode(Tensor z) => Decoder.Given(z).Mean;

    /// <summary>The mean of p(x|z) for <paramref name="count"/> draws z ~ p(z).</summary>
    public Tensor Generate(int count, Rng rng) => Decode(Prior.Distribution.Sample(rng, [count]));
}
