using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models.Diffusion;

/// <summary>
/// A diffusion model as the prior of a variational autoencoder that is already trained (Vahdat, Kreis and Kautz 2021;
/// Rombach et al. 2022): data x, codes z of the autoencoder, and a diffusion of the standardised codes. The autoencoder
/// is frozen. The bound is that of both stages: -log p(x) &lt;= E_q[-log p(x|z)] + E_q[log q(z|x)] + B(z), with the
/// bound B(z) of the diffusion on -log p(z). It is a bound on the likelihood wherever the autoencoder has one.
/// </summary>
/// <remarks>
/// <para>The autoencoder's own prior is replaced. The gain over it is at most KL(q(z) || p(z)), the distance of the
/// codes of all data together from that prior.</para>
/// <para>Codes are standardised by the mean and the standard deviation of each component over all training data
/// (<see cref="Standardize"/>), which the model's files contain.</para>
/// </remarks>
public sealed class LatentDiffusion : LatentVariableModel
{
    private readonly Parameter _mean, _scale;

    /// <summary>Makes a model from its parts.</summary>
    /// <param name="autoencoder">The autoencoder, with a reparameterised posterior of vectors.</param>
    /// <param name="diffusion">The diffusion of standardised codes, with <see cref="DiffusionEnd.Real"/>. The size of
    /// its data is the length of a code.</param>
    /// <exception cref="ArgumentException">The autoencoder is conditioned on a context or has codes that are no real
    /// vectors, or the parts do not fit together.</exception>
    public LatentDiffusion(Vae autoencoder, DiffusionModel diffusion)
    {
        ArgumentNullException.ThrowIfNull(autoencoder);
        ArgumentNullException.ThrowIfNull(diffusion);
        if (autoencoder.Context > 0 || !autoencoder.BoundsLikelihood || autoencoder.Space != LatentSpace.Euclidean
            || autoencoder.LatentShape.Rank != 1)
        {
            throw new ArgumentException("A diffusion of codes needs an autoencoder whose codes are drawn, real " +
                "vectors, without a condition. Train one with a normal posterior and without a condition.",
                nameof(autoencoder));
        }

        if (diffusion.LatentShape != autoencoder.LatentShape || diffusion.End != DiffusionEnd.Real)
        {
            throw new ArgumentException($"The codes of the autoencoder have {autoencoder.LatentShape[0]} components, " +
                $"and the diffusion has data of {diffusion.LatentShape[0]}, '{diffusion.End.Name}'. Make a diffusion " +
                $"of real vectors of that length.", nameof(diffusion));
        }

        Autoencoder = FrozenChild("autoencoder", autoencoder);
        Diffusion = Child("diffusion", diffusion);
        _mean = OwnBuffer("mean", Tensor.Zeros(LatentShape, diffusion.DType));
        _scale = OwnBuffer("scale", Tensor.Ones(LatentShape, diffusion.DType));
    }

    /// <summary>The autoencoder. Training does not change it.</summary>
    public Vae Autoencoder { get; }

    /// <summary>The diffusion of standardised codes.</summary>
    public DiffusionModel Diffusion { get; }

    /// <inheritdoc/>
    public override DiffusionModel Chain => Diffusion;

    /// <inheritdoc/>
    public override DType DType => Diffusion.DType;

    /// <inheritdoc/>
    public override int Context => Diffusion.Context;

    /// <inheritdoc/>
    public override Shape LatentShape => Diffusion.LatentShape;

    /// <inheritdoc/>
    public override int Units => 0;

    /// <inheritdoc/>
    public override LatentSpace Space => LatentSpace.Euclidean;

    /// <inheritdoc/>
    public override bool DrawsAllLatents => false;

    /// <inheritdoc/>
    public override int UsualSamples => Diffusion.UsualSamples;

    /// <inheritdoc/>
    public override string? Surrogate => Diffusion.Surrogate;

    /// <summary>Empty: the encoder is frozen.</summary>
    public override IReadOnlyList<Parameter> RecognitionParameters => [];

    /// <summary>Sets the mean and the standard deviation of each component of the codes of all training data. Call it
    /// once before training.</summary>
    /// <param name="mean">The mean of each component.</param>
    /// <param name="deviation">The standard deviation of each component under the mean of q(z|x) over the data; a
    /// deviation of 0 counts as 1.</param>
    /// <exception cref="ArgumentException">The number of means or deviations is not the length of a code, or a number
    /// is not finite.</exception>
    public void Standardize(IReadOnlyList<double> mean, IReadOnlyList<double> deviation)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(deviation);
        if (mean.Count != LatentShape[0] || deviation.Count != LatentShape[0]
            || !mean.Concat(deviation).All(double.IsFinite))
        {
            throw new ArgumentException($"Give one finite mean and one finite deviation for each of the " +
                $"{LatentShape[0]} components of a code.", nameof(mean));
        }

        _mean.Assign(Tensor.From([.. mean], LatentShape).To(DType));
        _scale.Assign(Tensor.From([.. deviation.Select(d => d > 0 ? d : 1)], LatentShape).To(DType));
    }

    /// <summary>The mean and the variance of q(z|x), both [B, Z]: the parts of the statistics of all codes.</summary>
    public (Tensor Mean, Tensor Variance) Moments(Tensor x)
    {
        Distribution posterior = Autoencoder.Posterior(x);
        return (posterior.Mean, posterior.Variance);
    }

    /// <inheritdoc/>
    public override InferencePass Infer(
        Tensor x, Rng rng, int samples = 1, DiscreteDraw? discrete = null, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        int count = x.Shape[0], size = LatentShape[0];
        Tensor codes, logPosterior, logLikelihood;
        Distribution likelihood;
        // Nothing here has a parameter that is trained, so the tape records no gradient of it.
        using (LayerName.Enter(Autoencoder.Path))
        {
            var posterior = (ReparameterizedDistribution)Autoencoder.Posterior(x);
            (codes, logPosterior) = posterior.RSampleWithLogProb(rng.Split("codes"), [samples]);
            likelihood = Autoencoder.Likelihood(codes);
            logLikelihood = likelihood.LogProb(x);
        }

        // Each draw of a datum is a datum of the diffusion: [K, B] codes at K times.
        Tensor standard = ((codes - _mean.Value) / _scale.Value).Reshape([samples, count, size]);
        List<KLPart> parts = [];
        Tensor? cost = null, last = null, steps = null, paid = null;
        for (int k = 0; k < samples; k++)
        {
            Tensor draw = samples == 1 ? standard.Reshape([count, size])
                : standard.Slice(0, k, 1).Reshape([count, size]);
            InferencePass pass = Diffusion.Infer(draw, rng.Split((uint)k), context: context);
            cost = Joined(cost, pass.LogLikelihood);
            last = Joined(last, pass.KLParts[0].Value);
            steps = Joined(steps, pass.KLParts[1].Value);
            paid = Joined(paid, pass.KLParts[1].Loss);
        }

        // log p(z) = log p(standardised z) - sum of log scale.
        Tensor logScale = _scale.Value.Log().Sum();
        return new InferencePass(logLikelihood, [])
        {
            Data = x,
            Reconstructed = likelihood,
            KLParts = [new KLPart("codes", logPosterior - cost! + logScale), new KLPart("z1", last!),
                new KLPart("diffusion", steps!, paid!)],
        };

        static Tensor Joined(Tensor? before, Tensor next) => before is null ? next : Tensor.Concat(0, before, next);
    }

    /// <inheritdoc/>
    public override Distribution Likelihood(Tensor z, Tensor? context = null) =>
        Autoencoder.Likelihood(Code(Diffusion.Likelihood(z, context).Mean));

    /// <inheritdoc/>
    public override Distribution Generated(Tensor z, Rng rng, Tensor? context = null) =>
        Autoencoder.Likelihood(Code(Diffusion.Generated(z, rng, context).Mean));

    /// <inheritdoc/>
    public override Tensor Encode(Tensor x, Tensor? context = null) =>
        Diffusion.Encode((Autoencoder.Encode(x) - _mean.Value) / _scale.Value, context);

    /// <inheritdoc/>
    public override Tensor Encode(Tensor x, Rng rng, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(rng);
        Tensor code = Autoencoder.Encode(x, rng.Split("codes"));
        return Diffusion.Encode((code - _mean.Value) / _scale.Value, rng, context);
    }

    /// <inheritdoc/>
    public override Tensor SamplePrior(int count, Rng rng) => Diffusion.SamplePrior(count, rng);

    /// <summary>Codes of the autoencoder from standardised codes.</summary>
    private Tensor Code(Tensor standard) => standard * _scale.Value + _mean.Value;
}
