using Reparam.Distributions;
using Reparam.Models.Diffusion;
using Reparam.Networks;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// A generative model of data x with latents z, p(x, z), and an approximation q(z|x) of its posterior. It is the
/// interface that training, evaluation and the command line use for all models. A code contains all latents of a datum:
/// a vector of length Z, the size of <see cref="LatentShape"/>.
/// </summary>
public abstract class LatentVariableModel : Module
{
    /// <summary>C, the length of the context that the model is conditioned on, such as a one-hot label; 0 for no
    /// context.</summary>
    public virtual int Context => 0;

    /// <summary>Number of classes that the model infers; 0 for a model without classes. Training may give known classes
    /// as one-hot rows [B, classes], with a row of zeros for an unknown class.</summary>
    public virtual int Classes => 0;

    /// <summary>The shape of a code: [Z], or [variables, outcomes] for one-hot variables.</summary>
    public abstract Shape LatentShape { get; }

    /// <summary>Number of latent variables, which counts active units; a one-hot vector is one variable.
    /// 0 if a code is no summary of its datum, as in a diffusion model, whose codes are nearly noise.</summary>
    public virtual int Units => LatentShape[0];

    /// <summary>The space of the codes.</summary>
    public abstract LatentSpace Space { get; }

    /// <summary>
    /// The discrete part of a code, which comes first: [variables] of coins, [variables, outcomes] of one-hot
    /// variables, [0] where no part is discrete.
    /// </summary>
    public virtual Shape DiscreteShape => Space == LatentSpace.Discrete ? LatentShape : [0];

    /// <summary>Whether log p(x, z) - log q(z|x) is the logarithm of an importance weight, so that its mean is a lower
    /// bound on log p(x). This is false for an autoencoder, whose q is a point among real vectors.</summary>
    public virtual bool BoundsLikelihood => true;

    /// <summary>Whether training changes p(z).</summary>
    public virtual bool LearnsPrior => false;

    /// <summary>Whether q and the generative model share no parameters, so that each can be trained by its own
    /// loss.</summary>
    public virtual bool RecognitionIsApart => true;

    /// <summary>The parameters of q. An objective may train them by a separate loss.</summary>
    public abstract IReadOnlyList<Parameter> RecognitionParameters { get; }

    /// <summary>Whether a pass draws all latents. A diffusion model draws only some of its latents.</summary>
    public virtual bool DrawsAllLatents => true;

    /// <summary>Whether a pass has importance weights (<see cref="InferencePass.LogWeights"/>), from which log p(x) can
    /// be estimated.</summary>
    public bool HasImportanceWeights => BoundsLikelihood && DrawsAllLatents;

    /// <summary>The diffusion of the model, of data or of codes, whose number of steps and sampler may change after
    /// training; null for a model without.</summary>
    public virtual DiffusionModel? Chain => null;

    /// <summary>The number of draws for each datum with which the bound is usually evaluated: 1, or more where a part
    /// of the KL is estimated and a single draw is noisy.</summary>
    public virtual int UsualSamples => 1;

    /// <summary>The reason why the model's part of the loss in training is not a bound, as a clause such as "the noise
    /// levels are weighted"; null if it is. Evaluation is not concerned.</summary>
    public virtual string? Surrogate => null;

    /// <summary>Element type of the parameters.</summary>
    public virtual DType DType => FirstParameter!.Value.DType;

    /// <summary>
    /// Infers the latents of a batch and scores the batch: z ~ q(z|x), log p(x|z). Gradients pass through the draws if
    /// q is a <see cref="ReparameterizedDistribution"/>. For other latents <paramref name="discrete"/> determines the
    /// gradient.
    /// </summary>
    /// <param name="x">Data, [B] + event.</param>
    /// <param name="rng">Source of the noise. Position it by step and datum with <see cref="Rng.At"/>.</param>
    /// <param name="samples">K, draws of z for each datum.</param>
    /// <param name="discrete">How latents without pathwise gradients are drawn; by default with exact draws, which
    /// evaluation needs.</param>
    /// <param name="context">y, [B, C]; null for a model without.</param>
    public abstract InferencePass Infer(
        Tensor x, Rng rng, int samples = 1, DiscreteDraw? discrete = null, Tensor? context = null);

    /// <summary>A function that infers one batch repeatedly with exact draws, from a source of noise and a number of
    /// draws. Computations that do not depend on these, such as the encoder's pass, are done once.</summary>
    public virtual Func<Rng, int, InferencePass> Inference(Tensor x, Tensor? context = null) => (rng, samples) =>
        Infer(x, rng, samples, context: context);

    /// <summary>
    /// The embedding of x, [B, Z]: the mean of q(z|x). For discrete latents it is their probabilities, one variable
    /// after the other. For a flow it is the mean of the base distribution, mapped by the flow.
    /// </summary>
    public abstract Tensor Encode(Tensor x, Tensor? context = null);

    /// <summary>Draws z ~ q(z|x), one for each datum, [B, Z], without a gradient.</summary>
    public abstract Tensor Encode(Tensor x, Rng rng, Tensor? context = null);

    /// <summary>p(x|z), or p(x|z, y) with a context, for latent vectors [..., B, Z].</summary>
    /// <param name="z">Latent vectors.</param>
    /// <param name="context">y, [B, C]; null for a model without.</param>
    public abstract Distribution Likelihood(Tensor z, Tensor? context = null);

    /// <summary>p(x|z) of new data, where the model may draw more than z: a diffusion model draws the latents between z
    /// and x. For other models it is <see cref="Likelihood"/>.</summary>
    /// <param name="z">Latent vectors, [..., B, Z].</param>
    /// <param name="rng">Source of the other draws, at the position of the first datum.</param>
    /// <param name="context">y, [B, C]; null for a model without.</param>
    public virtual Distribution Generated(Tensor z, Rng rng, Tensor? context = null) => Likelihood(z, context);

    /// <summary>The parts of the decoders that set their initial output.</summary>
    internal virtual IEnumerable<OutputHead> Heads => Tree.OfType<Decoder>().Select(d => d.Head).OfType<OutputHead>();

    /// <summary>
    /// Sets the initial means and scales of the output from the data. Call it before training. It sets a learned scale
    /// (one number, or the network's output for each element) and the means, through the biases of the last layer. It
    /// is useful because an optimiser changes a log-variance by at most about the learning rate in one step: starting
    /// at scale 1, many steps are needed if errors are small. If no scale is learned, nothing changes.
    /// </summary>
    /// <param name="mean">The mean of each element of a datum, such as <c>train.Mean()</c>.</param>
    /// <param name="deviation">The standard deviation of each element, such as
    /// <c>train.StandardDeviation()</c>.</param>
    /// <exception cref="ArgumentException">The number of means or of standard deviations is not the number of elements
    /// of a datum.</exception>
    public void StartAt(IReadOnlyList<double> mean, IReadOnlyList<double> deviation)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(deviation);
        foreach (OutputHead head in Heads) head.StartAt(mean, deviation);
    }

    /// <summary><paramref name="count"/> latent vectors z ~ p(z), [count, Z].</summary>
    public abstract Tensor SamplePrior(int count, Rng rng);

    /// <summary>Throws if a context is given.</summary>
    protected void RequireNoContext(Tensor? context)
    {
        if (context is not null)
        {
            throw new ArgumentException(
                $"A {GetType().Name} is not conditioned on a context. Do not give a context.", nameof(context));
        }
    }

    /// <summary>The mean of p(x|z) for each latent vector [..., B, Z].</summary>
    public Tensor Decode(Tensor z, Tensor? context = null) => Likelihood(z, context).Mean;

    /// <summary>The mean of p(x|z) for <paramref name="count"/> draws z ~ p(z).</summary>
    public Tensor Generate(int count, Rng rng, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(rng);
        Tensor z = SamplePrior(count, rng);
        return Generated(z, rng.Split("generated"), context).Mean;
    }
}
