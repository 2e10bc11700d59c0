using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// What a model says about a batch, all that an objective may see: the one thing that crosses from models to
/// objectives, so that every objective works with every model.
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
                    "The values of a latent were enumerated, not drawn: there are no importance weights. Draw them " +
                    "(DiscreteGradient.ScoreFunction, in a configuration objective.discrete 'score-function').");
            }

            Tensor total = LogLikelihood;
            foreach (LatentTerm latent in Latents)
            {
                if (latent.IsRelaxed)
                {
                    throw new NotSupportedException($"Latent '{latent.Name}' was drawn " +
                        "relaxed, where it has no probability: there are no importance weights. Draw it exactly " +
                        "(DiscreteGradient.ScoreFunction, in a configuration objective.discrete 'score-function').");
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

    /// <summary>KL(q || p) of the model's own weights where these are uncertain, a scalar in nats that is paid once for
    /// all data; null where they are points.</summary>
    public Tensor? WeightsKL { get; init; }

    /// <summary>
    /// The probability of each draw, [K, B], with its gradient, where the K draws are all values of a discrete latent
    /// rather than a sample: an expectation is then the weighted sum over them. Null where every draw counts as much.
    /// </summary>
    public Tensor? DrawWeights { get; init; }

    /// <summary>What the model pays beside the bound, each with its weight: a distance to a codebook, or how badly a
    /// told class is guessed.</summary>
    public IReadOnlyList<PassTerm> Terms { get; init; } = [];

    /// <summary>The data of the pass, [B] + event; null where the model does not show them.</summary>
    public Tensor? Data { get; init; }

    /// <summary>p(x|z) of the draws, batch [K, B]; null where the model does not show it.</summary>
    public Distribution? Reconstructed { get; init; }

    /// <summary>A point for each latent of each datum, [B] + event, inferred from the points of the latents that it
    /// depends on rather than from draws of them; null where latents do not depend on each other.</summary>
    public Func<IReadOnlyList<Tensor>>? Points { get; init; }

    /// <summary>Dreams one datum for each of the pass, from the model's own prior; null for a model that does
    /// not.</summary>
    public Func<Dream>? Dream { get; init; }

    /// <summary>log w = log p(x, z) - log q(z|x), [K, B]; computed when first asked for, so ask while the tape
    /// records.</summary>
    /// <exception cref="NotSupportedException">A latent was drawn relaxed.</exception>
    public Tensor LogWeights => _logWeights.Value;

    /// <summary>
    /// <see cref="LogWeights"/> with the same values, whose gradient by the parameters of q passes through the draws
    /// alone: the density's own dependence on them, whose expectation is zero, is left out (Roeder, Wu and Duvenaud
    /// 2017).
    /// </summary>
    public Tensor PathLogWeights
    {
        get
        {
            Tensor total = LogWeights;
            foreach (LatentTerm latent in Latents)
            {
                // Added back to where the weights subtracted it.
                total += latent.DirectScore();
            }

            return total;
        }
    }

    /// <summary>Refuses a latent whose posterior is a point, which has no density: an autoencoder's code, or a choice
    /// from a codebook.</summary>
    /// <param name="what">What needs a density.</param>
    /// <exception cref="NotSupportedException">There is such a latent.</exception>
    public void RequireDensities(string what)
    {
        if (Latents.FirstOrDefault(l => l.Posterior is Delta) is { } point)
        {
            throw new NotSupportedException($"{what} needs the density of each draw, and latent '{point.Name}' is a " +
                "point. Use the ELBO with its KL in closed form, all of it paid.");
        }
    }

    /// <summary>Refuses what an objective of log weights alone would leave out: a model's own terms, and the KL of
    /// uncertain weights.</summary>
    /// <param name="what">The objective.</param>
    /// <exception cref="NotSupportedException">The pass has such a term.</exception>
    public void RequireLatentsAlone(string what)
    {
        RequireDensities(what);
        if (WeightsKL is not null)
        {
            throw new NotSupportedException(
                $"{what} has no place for the KL of uncertain weights: train a model that has some with the ELBO.");
        }

        if (Terms.Count > 0)
        {
            throw new NotSupportedException(
                $"{what} has no place for the model's own term '{Terms[0].Name}': train such a model with the ELBO.");
        }
    }

    /// <summary>The mean over data of the expectation over draws, a scalar, of a number for each datum, [B], or for
    /// each draw, [K, B].</summary>
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
