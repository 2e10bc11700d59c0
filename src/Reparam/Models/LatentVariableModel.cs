using Reparam.Distributions;
using Reparam.Networks;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// A generative model of data x through latents z, p(x, z), with an approximation q(z|x) of its posterior: what
/// training, evaluation and the command line know of every member of the family. One code stands for all latents of a
/// datum: a vector of length Z = <see cref="LatentShape"/>'s size.
/// </summary>
public abstract class LatentVariableModel : Module
{
    /// <summary>C, the length of what the model is conditioned on, such as a one-hot label; 0 for nothing.</summary>
    public virtual int Context => 0;

    /// <summary>Number of classes that a model infers and that training may tell it where they are known, as one-hot
    /// rows [B, classes] with zeros elsewhere; 0 for a model of no classes.</summary>
    public virtual int Classes => 0;

    /// <summary>Extents of a code: [Z], or [variables, outcomes] of one-hot ones.</summary>
    public abstract Shape LatentShape { get; }

    /// <summary>Number of latent variables, of which some may be active: a one-hot vector is one.</summary>
    public virtual int Units => LatentShape[0];

    /// <summary>Where codes live.</summary>
    public abstract LatentSpace Space { get; }

    /// <summary>
    /// The discrete part of a code, which comes first: [variables] of coins, [variables, outcomes] of one-hot
    /// variables, [0] where no part is discrete.
    /// </summary>
    public virtual Shape DiscreteShape => Space == LatentSpace.Discrete ? LatentShape : [0];

    /// <summary>Whether log p(x, z) - log q(z|x) is the logarithm of an importance weight, so that its mean bounds log
    /// p(x): not of an autoencoder, whose q is a point among real vectors.</summary>
    public virtual bool BoundsLikelihood => true;

    /// <summary>Whether training changes p(z).</summary>
    public virtual bool LearnsPrior => false;

    /// <summary>Whether no parameter of q is one of the generative model's too, so that the two can be trained by
    /// losses of their own.</summary>
    public virtual bool RecognitionIsApart => true;

    /// <summary>The parameters of q, which an objective may train by a loss of their own.</summary>
    public abstract IReadOnlyList<Parameter> RecognitionParameters { get; }

    /// <summary>Element type of the parameters.</summary>
    public DType DType => Parameters[0].Value.DType;

    /// <summary>
    /// Infers the latents of a batch and scores it: z ~ q(z|x), log p(x|z). Gradients pass through the draws where q is
    /// a <see cref="ReparameterizedDistribution"/>; of other latents <paramref name="discrete"/> says what becomes of
    /// them.
    /// </summary>
    /// <param name="x">Data, [B] + event.</param>
    /// <param name="rng">Source of the noise; positioned by step and datum with <see cref="Rng.At"/>.</param>
    /// <param name="samples">K, draws of z for each datum.</param>
    /// <param name="discrete">How latents without pathwise gradients are drawn; exactly by default, as evaluation needs
    /// them.</param>
    /// <param name="context">y, [B, C]; null for a model without.</param>
    public abstract InferencePass Infer(
        Tensor x, Rng rng, int samples = 1, DiscreteDraw? discrete = null, Tensor? context = null);

    /// <summary>Exact draws of one batch again and again, from noise and a number of draws: what does not depend on
    /// these, such as the encoder's work, is done once.</summary>
    public virtual Func<Rng, int, InferencePass> Inference(Tensor x, Tensor? context = null) => (rng, samples) =>
        Infer(x, rng, samples, context: context);

    /// <summary>
    /// What "the embedding of x" means unless a sample is asked for, [B, Z]: the mean of q(z|x); of discrete latents
    /// their probabilities, those of one variable after those of the other; of a flow the image of the mean it starts
    /// from.
    /// </summary>
    public abstract Tensor Encode(Tensor x, Tensor? context = null);

    /// <summary>Draws z ~ q(z|x), one for each datum, [B, Z], without a gradient.</summary>
    public abstract Tensor Encode(Tensor x, Rng rng, Tensor? context = null);

    /// <summary>p(x|z), or p(x|z, y) with a context, for latent vectors [..., B, Z].</summary>
    /// <param name="z">Latent vectors.</param>
    /// <param name="context">y, [B, C]; null for a model without.</param>
    public abstract Distribution Likelihood(Tensor z, Tensor? context = null);

    /// <summary>Where the output of its decoders can begin.</summary>
    internal virtual IEnumerable<OutputHead> Heads => Tree.OfType<Decoder>().Select(d => d.Head).OfType<OutputHead>();

    /// <summary>
    /// Before training: begins a learned scale, be it one number or the network's for each element, at the data's own,
    /// and the means with it, through the biases of the last layer. An optimiser moves a log-variance by no more than
    /// about the learning
    /// rate a step, and from 1 it has far to go where errors are small. Nothing changes where no scale is learned.
    /// </summary>
    /// <param name="mean">The mean of each element of a datum, such as <c>train.Mean()</c>.</param>
    /// <param name="deviation">The standard deviation of each, such as <c>train.StandardDeviation()</c>.</param>
    /// <exception cref="ArgumentException">There are not as many of each as elements.</exception>
    public void StartAt(IReadOnlyList<double> mean, IReadOnlyList<double> deviation)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(deviation);
        foreach (OutputHead head in Heads) head.StartAt(mean, deviation);
    }

    /// <summary><paramref name="count"/> latent vectors z ~ p(z), [count, Z].</summary>
    public abstract Tensor SamplePrior(int count, Rng rng);

    /// <summary>Refuses a context where the model takes none.</summary>
    protected void RequireNoContext(Tensor? context)
    {
        if (context is not null)
        {
            throw new ArgumentException(
                $"A {GetType().Name} is not conditioned on anything: give no context.", nameof(context));
        }
    }

    /// <summary>The mean of p(x|z) for each latent vector [..., B, Z].</summary>
    public Tensor Decode(Tensor z, Tensor? context = null) => Likelihood(z, context).Mean;

    /// <summary>The mean of p(x|z) for <paramref name="count"/> draws z ~ p(z).</summary>
    public Tensor Generate(int count, Rng rng, Tensor? context = null) => Decode(SamplePrior(count, rng), context);
}
