using Reparam.Distributions;
using Reparam.Distributions.Divergences;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>One latent variable of an inference pass.</summary>
/// <param name="Name">Its name in reports.</param>
/// <param name="Posterior">q(z|x), batch [B]; [K, B] where it depends on the draws of another latent.</param>
/// <param name="Prior">p(z); [K, B] where it depends on the draws of another latent.</param>
/// <param name="Value">The draws z ~ q, [K, B] + event: with pathwise gradients where q has them, else as a
/// <see cref="DiscreteDraw"/> makes them.</param>
public sealed record LatentTerm(string Name, Distribution Posterior, Distribution Prior, Tensor Value)
{
    private PathWeights? _path;
    private Rng? _rng;
    private Tensor? _logPosterior;

    /// <summary>log q(z|x) of the draws, [K, B]; computed when first asked for, so ask while the tape
    /// records.</summary>
    public Tensor LogPosterior => _logPosterior ??= Posterior.LogProb(Value);

    /// <summary>Whether no gradient reaches q through the draws, so that an objective has to make one of log q (the
    /// score function).</summary>
    public bool NeedsScore { get; private init; }

    /// <summary>Whether the draws are relaxed, lying between the values of a discrete latent, where it has no
    /// probability.</summary>
    public bool IsRelaxed { get; private init; }

    /// <summary>Whether neither the draws nor the distribution carry a gradient to the encoder, which learns past
    /// them.</summary>
    public bool IsDetached { get; init; }

    /// <summary>Whether q depends on the draws of another latent: a gradient then passes through its parameters as well
    /// as through its own draws.</summary>
    public bool IsConditional => Posterior.BatchShape.Rank > 1;

    /// <summary>Whether the prior depends on latents that were drawn after this one, from it: the KL between the two
    /// distributions is then not the term of the bound, and only log q - log p of the draws is.</summary>
    public bool HasLaterPrior { get; init; }

    /// <summary>KL(q || p) in closed form, [B] or, where a distribution depends on the draws of another latent, [K, B];
    /// null where there is none, or it is no term of the bound.</summary>
    public Tensor? ClosedFormKL() => HasLaterPrior ? null : KLDivergence.ClosedForm(Posterior, Prior);

    /// <summary>
    /// K draws of each datum's latent. An objective may still weigh the gradient that comes back through them, as
    /// doubly reparameterized estimators do, so use <see cref="Value"/>
    /// for all that follows.
    /// </summary>
    /// <param name="name">The latent's name in reports.</param>
    /// <param name="posterior">q(z|x).</param>
    /// <param name="prior">p(z).</param>
    /// <param name="rng">Source of the noise.</param>
    /// <param name="samples">K.</param>
    /// <param name="discrete">How draws are made where q has no pathwise gradient; exact ones by default.</param>
    public static LatentTerm Draw(
        string name, Distribution posterior, Distribution prior, Rng rng, int samples, DiscreteDraw? discrete = null)
    {
        ArgumentNullException.ThrowIfNull(posterior);
        if (posterior is not ReparameterizedDistribution pathwise)
        {
            discrete ??= DiscreteDraw.Exact;
            return new LatentTerm(name, posterior, prior, discrete.Of(posterior, rng, samples))
            {
                NeedsScore = !discrete.CarriesGradient, IsRelaxed = discrete.IsRelaxed, _rng = rng,
            };
        }

        var path = new PathWeights();
        if (posterior.BatchShape.Rank > 1)
        {
            if (posterior is not DiagonalNormal given || posterior.BatchShape.Rank != 2
                || posterior.BatchShape[0] != samples)
            {
                throw new ArgumentException($"A latent that depends on the {samples} draws " +
                    $"of another has one diagonal normal for each of them, of batch [{samples}, B]; '{name}' has a " +
                    $"{posterior.GetType().Name} of batch {posterior.BatchShape}.", nameof(posterior));
            }

            // One draw for each of the other's; the data are counted by the second axis.
            Tensor each = Tensor.NormalSample(given.Loc, given.Scale, rng, sampleAxis: 1);
            return new LatentTerm(name, posterior, prior, Tensor.WithVjp(each, [each], path.Apply))
            {
                _path = path, _rng = rng,
            };
        }

        // A flow knows the density of its own draws; looking back from a draw may take it long.
        (Tensor z, Tensor? logPosterior) = pathwise.ScoresItsDraws ? pathwise.RSampleWithLogProb(rng, [samples])
            : (pathwise.RSample(rng, [samples]), null);
        return new LatentTerm(name, posterior, prior, Tensor.WithVjp(z, [z], path.Apply))
        {
            _path = path, _logPosterior = logPosterior, _rng = rng,
        };
    }

    /// <summary>KL(q(z_j|x) || p(z_j)) of each variable, [B, variables] or [K, B, variables]; null where posterior and
    /// prior are not of independent variables with a closed form.</summary>
    public Tensor? ComponentwiseKL() => HasLaterPrior ? null : (Posterior, Prior) switch
    {
        (DiagonalNormal q, DiagonalNormal p) => q.ComponentwiseKL(p),
        (DiagonalNormal q, Independent { Axes: 1 } p) => KLDivergence.Exact(q.Components, p.Components),
        (Delta q, Independent { Axes: 1 } p) => -p.Components.LogProb(q.Value),
        (Independent { Axes: 1 } q, Independent { Axes: 1 } p) => KLDivergence.Exact(q.Components, p.Components),
        _ => null,
    };

    /// <summary>log q(z_i|x_j) of the draws of each datum i under the posterior of each datum j, for each variable: [K,
    /// B, B, variables].</summary>
    /// <exception cref="NotSupportedException">The posterior's variables are not independent.</exception>
    public Tensor PairwiseLogPosterior()
    {
        RequireUnconditional("the aggregate posterior");
        if (IsRelaxed)
        {
            throw new NotSupportedException($"Latent '{Name}' was drawn relaxed, where it has no probability: the " +
                "aggregate posterior cannot be estimated. Draw it straight through.");
        }

        Distribution variables = VariablesOf(Posterior)
            ?? throw new NotSupportedException("The aggregate posterior is estimated variable by variable, and " +
                $"those of latent '{Name}' are not independent: its posterior is a {Posterior.GetType().Name}.");
        return variables.LogProb(Value.Reshape(Value.Shape[..2] + [1] + Value.Shape[2..]));
    }

    /// <summary>A distribution of independent variables with the variables as the last axis of its batch; null where
    /// they are not independent.</summary>
    internal static Distribution? VariablesOf(Distribution distribution) => distribution switch
    {
        DiagonalNormal q => q.Components,
        Independent { Axes: 1 } q => q.Components,
        ReparameterizedIndependent q when q.EventShape.Rank - q.Components.EventShape.Rank == 1 => q.Components,
        _ => null,
    };

    /// <summary><paramref name="count"/> draws of the prior, [count] + event, from noise of this pass that nothing else
    /// uses.</summary>
    /// <exception cref="InvalidOperationException">The term was not made by <see cref="Draw"/>.</exception>
    public Tensor PriorDraws(int count) => Prior.Sample(Noise("prior"), [count]);

    /// <summary>Noise of this pass that nothing else uses, by a name.</summary>
    /// <exception cref="InvalidOperationException">The term was not made by <see cref="Draw"/>.</exception>
    public Rng Noise(string name) =>
        (_rng ?? throw new InvalidOperationException($"The draws of latent '{Name}' were made elsewhere, and there " +
        "is no noise for what is drawn beside: make the term with LatentTerm.Draw.")).Split(name);

    /// <summary>Values [...] + event as vectors [..., Z].</summary>
    public Tensor Flat(Tensor value) => Flat(value, Posterior.EventShape);

    /// <summary>Latents of an event's shape as vectors [..., Z], which a decoder takes.</summary>
    internal static Tensor Flat(Tensor value, Shape eventShape) => eventShape.Rank == 1 ? value
        : value.Reshape(value.Shape[..^eventShape.Rank] + [eventShape.Size]);

    /// <summary>Multiplies the gradient that comes back through the draws by a weight for each, [K, B].</summary>
    /// <exception cref="InvalidOperationException">The term was not made by <see cref="Draw"/>.</exception>
    /// <exception cref="NotSupportedException">The posterior scores its draws on the way to them, past the weights, or
    /// is discrete.</exception>
    public void WeighPath(Tensor weights)
    {
        RequireUnconditional("a weight on the gradient through its draws");
        if (Posterior is ReparameterizedDistribution { ScoresItsDraws: true })
        {
            throw new NotSupportedException($"The gradient through the draws of latent '{Name}' cannot be weighed: a " +
                $"{Posterior.GetType().Name} scores them on the way. Use PathGradient.Total or StickingTheLanding.");
        }

        if (Posterior is not ReparameterizedDistribution)
        {
            throw new NotSupportedException($"Latent '{Name}' is discrete: no gradient passes through its draws that " +
                "could be weighed. Use PathGradient.Total.");
        }

        if (_path is null)
        {
            throw new InvalidOperationException($"The draws of latent '{Name}' were made elsewhere, and the gradient " +
                "through them cannot be weighed: make the term with LatentTerm.Draw.");
        }

        _path.Weights = weights;
    }

    /// <summary>A tensor of zeros, [K, B], with the gradient of log q at fixed draws: the part that does not pass
    /// through them.</summary>
    /// <exception cref="NotSupportedException">q depends on the draws of another latent: what passes through those
    /// cannot be told apart.</exception>
    public Tensor DirectScore()
    {
        RequireUnconditional("the score of its density");
        return Posterior.LogProb(Value.Detach()).GradientOnly();
    }

    /// <exception cref="NotSupportedException">q depends on the draws of another latent.</exception>
    public void RequireUnconditional(string what)
    {
        if (IsConditional)
        {
            throw new NotSupportedException($"Latent '{Name}' depends on the draws of another, for which there is no " +
                $"formula here of {what}. Use the ELBO or an importance-weighted bound with its total gradient.");
        }
    }

    private sealed class PathWeights
    {
        public Tensor? Weights { get; set; }

        public IReadOnlyList<Tensor> Apply(Tensor g) =>
            [Weights is null ? g
                : g * Weights.Reshape([.. Weights.Shape, .. Enumerable.Repeat(1, g.Rank - Weights.Rank)])];
    }
}
