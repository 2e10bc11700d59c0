using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>One latent variable of an inference pass.</summary>
/// <param name="Name">Its name in reports.</param>
/// <param name="Posterior">q(z|x), batch [B].</param>
/// <param name="Prior">p(z).</param>
/// <param name="Value">The draws z ~ q, [K, B, Z], with pathwise gradients.</param>
public sealed record LatentTerm(string Name, ReparameterizedDistribution Posterior, Distribution Prior, Tensor Value)
{
    private PathWeights? _path;
    private Tensor? _logPosterior;

    /// <summary>log q(z|x) of the draws, [K, B]; computed when first asked for, so ask while the tape records.</summary>
    public Tensor LogPosterior => _logPosterior ??= Posterior.LogProb(Value);

    /// <summary>
    /// K draws of each datum's latent. An objective may still weigh the gradient that comes back through them, as doubly reparameterized estimators do, so use <see cref="Value"/>
    /// for all that follows.
    /// </summary>
    public static LatentTerm Draw(string name, ReparameterizedDistribution posterior, Distribution prior, Rng rng, int samples)
    {
        ArgumentNullException.ThrowIfNull(posterior);
        var path = new PathWeights();
        // A flow knows the density of its own draws; looking back from a draw may take it long.
        (Tensor z, Tensor? logPosterior) = posterior.ScoresItsDraws ? posterior.RSampleWithLogProb(rng, [samples]) : (posterior.RSample(rng, [samples]), null);
        return new LatentTerm(name, posterior, prior, Tensor.WithVjp(z, [z], path.Apply)) { _path = path, _logPosterior = logPosterior };
    }

    /// <summary>Multiplies the gradient that comes back through the draws by a weight for each, [K, B].</summary>
    /// <exception cref="InvalidOperationException">The term was not made by <see cref="Draw"/>.</exception>
    /// <exception cref="NotSupportedException">The posterior scores its draws on the way to them, past the weights.</exception>
    internal void WeighPath(Tensor weights)
    {
        if (Posterior.ScoresItsDraws)
            throw new NotSupportedException($"The gradient through the draws of latent '{Name}' cannot be weighed: a {Posterior.GetType().Name} scores them on the way. Use PathGradient.Total or StickingTheLanding.");
        if (_path is null) throw new InvalidOperationException($"The draws of latent '{Name}' were made elsewhere, and the gradient through them cannot be weighed: make the term with LatentTerm.Draw.");
        _path.Weights = weights;
    }

    /// <summary>A tensor of zeros, [K, B], with the gradient of log q at fixed draws: the part that does not pass through them.</summary>
    internal Tensor DirectScore() => Posterior.LogProb(Value.Detach()).GradientOnly();

    private sealed class PathWeights
    {
        public Tensor? Weights { get; set; }

        public IReadOnlyList<Tensor> Apply(Tensor g) =>
            [Weights is null ? g : g * Weights.Reshape([.. Weights.Shape, .. Enumerable.Repeat(1, g.Rank - Weights.Rank)])];
    }
}
