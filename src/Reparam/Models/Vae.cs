using Reparam.Distributions;
using Reparam.Models.Bayesian;
using Reparam.Networks;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// A variational autoencoder (Kingma and Welling 2013; Rezende, Mohamed and Wierstra 2014): an encoder q(z|x), a
/// decoder p(x|z) and a prior p(z). With a context y it is conditional: q(z|x, y), p(x|z, y), p(z).
/// </summary>
public sealed partial class Vae : LatentVariableModel
{
    private readonly bool _hasUncertainWeights, _contextAsPlanes;

    /// <summary>Makes a model from its three parts.</summary>
    /// <param name="encoder">q(z|x). With a context the encoder takes data that the context is joined to.</param>
    /// <param name="decoder">p(x|z). With a context the decoder takes latents that the context is joined to.</param>
    /// <param name="prior">p(z).</param>
    /// <param name="context">C, the length of the context that the model is conditioned on; 0 for no context.</param>
    /// <param name="contextAsPlanes">Whether the encoder takes the context as C additional constant channels of an
    /// image; otherwise it takes C additional numbers.</param>
    public Vae(Encoder encoder, Decoder decoder, Prior prior, int context = 0, bool contextAsPlanes = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(context);
        Encoder = Child("encoder", encoder);
        Decoder = Child("decoder", decoder);
        Prior = Child("prior", prior);
        (Context, _contextAsPlanes) = (context, contextAsPlanes);
        _hasUncertainWeights = Tree.OfType<BayesianLayer>().Any();
    }

    /// <summary>C, the length of the context that encoder and decoder are conditioned on, such as a one-hot label; 0
    /// for no context. A model with a context is a conditional VAE (Kingma et al. 2014; Sohn, Lee and Yan
    /// 2015).</summary>
    public override int Context { get; }

    /// <summary>
    /// The probability that an element of a datum is hidden in training before the datum goes to the encoder
    /// (<see cref="Encoder.Hide"/>). The model learns to reconstruct the missing elements (denoising autoencoder:
    /// Vincent et al. 2008; with a distribution for q, Im et al. 2017). The likelihood scores the unchanged datum. 0 by
    /// default.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1).</exception>
    public double InputNoise
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(value), value, "The probability that an element is hidden lies in [0, 1).");
    }

    /// <summary>q(z|x).</summary>
    public Encoder Encoder { get; }

    /// <summary>p(x|z).</summary>
    public Decoder Decoder { get; }

    /// <summary>p(z).</summary>
    public Prior Prior { get; }

    /// <inheritdoc/>
    public override Shape LatentShape => Prior.Distribution.EventShape;

    /// <inheritdoc/>
    public override LatentSpace Space => Prior.Space;

    /// <inheritdoc/>
    public override bool LearnsPrior => Prior.IsLearned;

    /// <inheritdoc/>
    public override bool RecognitionIsApart => !Prior.SharesEncoder;

    /// <inheritdoc/>
    public override bool BoundsLikelihood => Encoder is not NetworkEncoder { Family: var family }
        || family != PosteriorFamily.Point;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> RecognitionParameters => Encoder.Parameters;

    /// <summary>q(z|x), or q(z|x, y) with a context.</summary>
    /// <param name="x">Data, [B] + event.</param>
    /// <param name="context">y, [B, C]; null for a model without.</param>
    /// <exception cref="ArgumentException">The model has a context and none is given, or the other way
    /// round.</exception>
    public Distribution Posterior(Tensor x, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        RequireContext(context);
        if (context is null) return Encoder.Given(x);
        if (!_contextAsPlanes)
            return Encoder.Given(Tensor.Concat(^1, x.Reshape([x.Shape[0], x.Shape[1..].Size]), context));
        Tensor image = x.Rank == 3 ? x.Reshape([x.Shape[0], 1, .. x.Shape[1..]]) : x;
        Shape planes = [x.Shape[0], Context, .. image.Shape[2..]];
        return Encoder.Given(Tensor.Concat(1, image, context.Reshape([x.Shape[0], Context, 1, 1]).BroadcastTo(planes)));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The model has a context and none is given, or the other way
    /// round.</exception>
    public override Distribution Likelihood(Tensor z, Tensor? context = null) => Decoder.Given(WithContext(z, context));

    /// <inheritdoc/>
    public override InferencePass Infer(
        Tensor x, Rng rng, int samples = 1, DiscreteDraw? discrete = null, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        // Layers enter their own names. The names here cover operations between layers, such as the exponential of a
        // log-variance.
        Tensor seen = x;
        if (InputNoise > 0 && Mode == ModuleMode.Training)
        {
            ArgumentNullException.ThrowIfNull(rng);
            seen = Encoder.Hide(x, InputNoise, rng.Split("input"));
        }

        Distribution posterior;
        using (LayerName.Enter(Encoder.Path)) posterior = Posterior(seen, context);
        return Infer(x, posterior, rng, samples, discrete, context);
    }

    /// <inheritdoc/>
    public override Func<Rng, int, InferencePass> Inference(Tensor x, Tensor? context = null)
    {
        Distribution posterior = Posterior(x, context);
        return (rng, samples) => Infer(x, posterior, rng, samples, context: context);
    }

    /// <summary>Infers from a posterior that is already computed, so that repeated draws do not encode the data
    /// again.</summary>
    /// <param name="x">Data, [B] + event.</param>
    /// <param name="posterior">q(z|x), the result of <see cref="Posterior"/> for these data.</param>
    /// <param name="rng">Source of the noise.</param>
    /// <param name="samples">K, draws of z for each datum.</param>
    /// <param name="discrete">How latents without pathwise gradients are drawn; exact draws by default.</param>
    /// <param name="context">y, [B, C]; null for a model without.</param>
    public InferencePass Infer(Tensor x, Distribution posterior, Rng rng, int samples = 1,
        DiscreteDraw? discrete = null, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(posterior);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        LatentTerm latent;
        using (LayerName.Enter("sample"))
            latent = LatentTerm.Draw("z", posterior, Prior.Distribution, rng, samples, discrete);
        Distribution likelihood;
        using (LayerName.Enter(Decoder.Path))
            likelihood = Decoder.Given(WithContext(LatentTerm.Flat(latent.Value, posterior.EventShape), context), rng);
        Tensor logLikelihood;
        using (LayerName.Enter("likelihood")) logLikelihood = likelihood.LogProb(x);
        return new InferencePass(logLikelihood, [latent])
        {
            WeightsKL = _hasUncertainWeights ? BayesianLayer.KL(this) : null,
            Data = x,
            Reconstructed = likelihood,
            Dream = () => DreamOf(x.Shape[0], rng.Split("dream"), context),
        };
    }

    private Dream DreamOf(int count, Rng rng, Tensor? context)
    {
        Tensor z = Prior.Distribution.Sample(rng, [count]);
        Distribution likelihood = Decoder.Given(
            WithContext(LatentTerm.Flat(z, Prior.Distribution.EventShape), context), rng);
        return new Dream(likelihood, () => likelihood.Sample(rng), x => Posterior(x, context).LogProb(z));
    }

    /// <inheritdoc/>
    public override Tensor Encode(Tensor x, Tensor? context = null)
    {
        Distribution posterior = Posterior(x, context);
        return LatentTerm.Flat(Encoder.PointOf(posterior), posterior.EventShape);
    }

    /// <inheritdoc/>
    public override Tensor Encode(Tensor x, Rng rng, Tensor? context = null)
    {
        Distribution posterior = Posterior(x, context);
        return LatentTerm.Flat(posterior.Sample(rng), posterior.EventShape);
    }

    /// <inheritdoc/>
    public override Tensor SamplePrior(int count, Rng rng)
    {
        Distribution prior = Prior.Distribution;
        return LatentTerm.Flat(prior.Sample(rng, [count]), prior.EventShape);
    }

    /// <summary>Appends the context of its datum to each latent vector: [..., B, Z] becomes [..., B, Z + C].</summary>
    private Tensor WithContext(Tensor z, Tensor? context)
    {
        ArgumentNullException.ThrowIfNull(z);
        RequireContext(context);
        return context is null ? z : Tensor.Concat(^1, z, context.BroadcastTo(z.Shape[..^1] + [Context]));
    }

    private void RequireContext(Tensor? context)
    {
        if (context is null && Context > 0)
        {
            throw new ArgumentException($"The model is conditioned on a context of length {Context}, such as a " +
                $"one-hot label. Give one context for each datum, [B, {Context}].", nameof(context));
        }

        if (context is not null && (Context == 0 || context.Rank != 2 || context.Shape[1] != Context))
        {
            throw new ArgumentException(
                Context == 0 ? "The model is not conditioned on a context. Make the model with a context, or do not " +
                    "give one."
                : $"The context must have shape [B, {Context}], got {context.Shape}.", nameof(context));
        }
    }
}
