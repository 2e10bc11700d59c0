using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// The result of a model's inference on a batch. It is everything that an objective gets from a model, so that
/// objectives do not depend on the kind of model.
/// </summary>
public sealed class InferencePass
{
    private readonly Lazy<Tensor> _logWeights;

    /// <summary>A pass with K samples for each of B data.</summary>
    /// <param name="logLikelihood">log p(x|z), [K, B], nats per datum.</param>
    /// <param name="latents">The latent variables.</param>
    public InferencePass(Tensor logLikelihood, IReadOnlyList<LatentTerm> latents)
    {
        LogLikelihood = logLikelihood;
        Latents = latents;
        _logWeights = new Lazy<Tensor>(() =>
        {
            if (DrawWeights is not null)
            {
                throw new NotSupportedException(
                    "The values of a latent are enumerated, not drawn, so there are no importance weights. Draw them " +
                    "with DiscreteGradient.ScoreFunction (in a configuration: objective.discrete 'score-function').");
            }

            RequireImportanceWeights();
            Tensor total = LogLikelihood;
            foreach (LatentTerm latent in Latents)
            {
                if (latent.IsRelaxed)
                {
                    throw new NotSupportedException($"The draws of latent '{latent.Name}' are relaxed, and relaxed " +
                        "values have no probability, so there are no importance weights. Draw the latent exactly " +
                        "with DiscreteGradient.ScoreFunction (in a configuration: objective.discrete " +
                        "'score-function').");
                }

                total = total + latent.Prior.LogProb(latent.Value) - latent.LogPosterior;
            }

            return total;
        });
    }

    /// <summary>log p(x|z), [K, B].</summary>
    public Tensor LogLikelihood { get; }

    /// <summary>The latent variables.</summary>
    public IReadOnlyList<LatentTerm> Latents { get; }

    /// <summary>The parts of the KL that belong to latents which the pass does not draw, such as the steps of a
    /// diffusion. A pass with such parts has no importance weights.</summary>
    public IReadOnlyList<KLPart> KLParts { get; init; } = [];

    /// <summary>KL(q || p) of the weights of a model whose weights have a posterior: a scalar in nats for the whole
    /// data set, of which each data point pays an equal share. Null for a model whose weights are plain
    /// numbers.</summary>
    public Tensor? WeightsKL { get; init; }

    /// <summary>
    /// If the K draws are all values of a discrete latent (enumeration): the probability of each value, [K, B], with
    /// its gradient. An expectation is then the sum over the values, weighted by these probabilities. Null if the draws
    /// are a sample, in which each draw has the same weight.
    /// </summary>
    public Tensor? DrawWeights { get; init; }

    /// <summary>The model's terms of the loss in addition to the bound, with their weights: a distance to a codebook,
    /// or the classification loss of known classes.</summary>
    public IReadOnlyList<PassTerm> Terms { get; init; } = [];

    /// <summary>The data of the pass, [B] + event; null where the model does not provide them.</summary>
    public Tensor? Data { get; init; }

    /// <summary>p(x|z) of the draws, batch shape [K, B]; null where the model does not provide it.</summary>
    public Distribution? Reconstructed { get; init; }

    /// <summary>Computes the mean of q of each latent for each datum, [B] + event. If q depends on another latent, it
    /// is taken at the mean of that latent, not at its draws. Null for a model whose latents do not depend on each
    /// other.</summary>
    public Func<IReadOnlyList<Tensor>>? Points { get; init; }

    /// <summary>Generates one datum from the model's prior for each datum of the pass; null for a model that does not
    /// support this.</summary>
    public Func<Dream>? Dream { get; init; }

    /// <summary>log w = log p(x, z) - log q(z|x), [K, B]. It is computed at the first access, so read it while the tape
    /// records.</summary>
    /// <exception cref="NotSupportedException">The draws of a latent are relaxed, or the values of a latent are
    /// enumerated.</exception>
    public Tensor LogWeights => _logWeights.Value;

    /// <summary>
    /// <see cref="LogWeights"/> with the same values and another gradient: the gradient with respect to the parameters
    /// of q passes only through the draws. The direct gradient of log q, whose expectation is zero, is omitted (Roeder,
    /// Wu and Duvenaud 2017).
    /// </summary>
    public Tensor PathLogWeights
    {
        get
        {
            Tensor total = LogWeights;
            foreach (LatentTerm latent in Latents)
            {
                // The log weights subtract log q, so adding its direct gradient cancels it.
                total += latent.DirectScore();
            }

            return total;
        }
    }

    /// <summary>Throws if the posterior of a latent is a point, which has no density: an autoencoder's code, or a
    /// choice from a codebook.</summary>
    /// <param name="what">The name of the method that needs densities.</param>
    /// <exception cref="NotSupportedException">The posterior of a latent is a point.</exception>
    public void RequireDensities(string what)
    {
        if (Latents.FirstOrDefault(l => l.Posterior is Delta) is { } point)
        {
            throw new NotSupportedException($"{what} needs the density of each draw, but latent '{point.Name}' is a " +
                "point. Use the ELBO with the KL in closed form, without free bits and without a capacity.");
        }
    }

    /// <summary>Throws if the pass has a part that an objective of log weights alone would omit: the model's own terms,
    /// the KL of uncertain weights, or a latent without a density.</summary>
    /// <param name="what">The name of the objective.</param>
    /// <exception cref="NotSupportedException">The pass has such a part.</exception>
    public void RequireLatentsAlone(string what)
    {
        RequireDensities(what);
        if (KLParts.Count > 0)
        {
            throw new NotSupportedException($"{what} needs draws of all latents, and the pass does not draw those of " +
                $"the part '{KLParts[0].Name}' of the KL. Train this model with the ELBO.");
        }

        if (WeightsKL is not null)
        {
            throw new NotSupportedException(
                $"{what} cannot include the KL of uncertain weights. Train a model with uncertain weights with the " +
                $"ELBO.");
        }

        if (Terms.Count > 0)
        {
            throw new NotSupportedException(
                $"{what} cannot include the term '{Terms[0].Name}', which this model adds to its loss. Train this " +
                    "model with the ELBO.");
        }
    }

    /// <summary>Throws if the pass does not draw all latents.</summary>
    private void RequireImportanceWeights()
    {
        if (KLParts.Count > 0)
        {
            throw new NotSupportedException($"The pass does not draw the latents of the part '{KLParts[0].Name}' " +
                "of the KL, so there are no importance weights. Use the ELBO with the KL in closed form.");
        }
    }

    /// <summary>The mean over the data of the expectation over the draws, a scalar. The value is one number for each
    /// datum, [B], or for each draw, [K, B].</summary>
    public Tensor Mean(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return DrawWeights is not null && value.Rank == 2 ? (value * DrawWeights).Sum(0).Mean() : value.Mean();
    }

    /// <summary>K, the number of samples for each datum.</summary>
    public int Samples => LogLikelihood.Shape[0];

    /// <summary>B, the number of data.</summary>
    public int Count => LogLikelihood.Shape[1];
}
