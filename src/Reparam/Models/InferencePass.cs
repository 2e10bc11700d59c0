using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>
/// What a model says about a batch, all that an objective may see: the one thing that crosses from models to objectives, so
/// that every objective works with every model.
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
            Tensor total = LogLikelihood;
            foreach (LatentTerm latent in Latents)
            {
                if (latent.IsRelaxed)
                    throw new NotSupportedException($"Latent '{latent.Name}' was drawn relaxed, where it has no probability: there are no importance weights. Draw it exactly (DiscreteGradient.ScoreFunction, in a configuration objective.discrete 'score-function').");
                total = total + latent.Prior.LogProb(latent.Value) - latent.LogPosterior;
            }

            return total;
        });
    }

    /// <summary>log p(x|z), [K, B].</summary>
    public Tensor LogLikelihood { get; }

    /// <summary>The latent variables.</summary>
    public IReadOnlyList<LatentTerm> Latents { get; }

    /// <summary>KL(q || p) of the model's own weights where these are uncertain, a scalar in nats that is paid once for all data; null where they are points.</summary>
    public Tensor? WeightsKL { get; init; }

    /// <summary>log w = log p(x, z) - log q(z|x), [K, B]; computed when first asked for, so ask while the tape records.</summary>
    /// <exception cref="NotSupportedException">A latent was drawn relaxed.</exception>
    public Tensor LogWeights => _logWeights.Value;

    /// <summary>
    /// <see cref="LogWeights"/> with the same values, whose gradient by the parameters of q passes through the draws alone: the density's own dependence on them, whose expectation is
    /// zero, is left out (Roeder, Wu and Duvenaud 2017).
    /// </summary>
    internal Tensor PathLogWeights
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

    /// <summary>K, the number of samples for each datum.</summary>
    public int Samples => LogLikelihood.Shape[0];

    /// <summary>B, the number of data.</summary>
    public int Count => LogLikelihood.Shape[1];
}
