using Reparam.Distributions;
using Reparam.Distributions.Divergences;
using Reparam.Tensors;

namespace Reparam.Models;

/// <summary>One latent variable of an inference pass.</summary>
/// <param name="Name">Its name in reports.</param>
/// <param name="Posterior">q(z|x) with batch shape [B], or [K, B] where it depends on the draws of another
/// latent.</param>
/// <param name="Prior">p(z), with batch shape [K, B] where it depends on the draws of another latent.</param>
/// <param name="Value">The draws z ~ q, [K, B] + event. They carry pathwise gradients where q has them. Otherwise a
/// <see cref="DiscreteDraw"/> makes them.</param>
public sealed record LatentTerm(string Name, Distribution Posterior, Distribution Prior, Tensor Value)
{
    private PathWeights? _path;
    private Rng? _rng;
    private Tensor? _logPosterior;

    /// <summary>log q(z|x) of the draws, [K, B]. It is computed at the first access, so read it while the tape
    /// records.</summary>
    public Tensor LogPosterior => _logPosterior ??= Posterior.LogProb(Value);

    /// <summary>Whether no gradient reaches q through the draws, so that an objective needs the gradient of log q (the
    /// score function).</summary>
    public bool NeedsScore { get; private init; }

    /// <summary>Whether the draws are relaxed: they lie between the values of a discrete latent, where q has no
    /// probability.</summary>
    public bool IsRelaxed { get; private init; }

    /// <summary>Whether neither the draws nor the distribution carry a gradient to the encoder. The encoder then learns
    /// in another way.</summary>
    public bool IsDetached { get; init; }

    /// <summary>Whether q depends on the draws of another latent. A gradient then passes to those draws through the
    /// parameters of q, and also through the draws of this latent.</summary>
    public bool IsConditional => Posterior.BatchShape.Rank > 1;

    /// <summary>Whether the prior depends on latents that are drawn later and depend on this latent. The KL between the
    /// two distributions is then not the term of the bound; the term is log q - log p of the draws.</summary>
    public bool HasLaterPrior { get; init; }

    /// <summary>KL(q || p) in closed form: [B], or [K, B] where a distribution depends on the draws of another latent.
    /// Null where there is no closed form, or where the KL is not the term of the bound
    /// (<see cref="HasLaterPrior"/>).</summary>
    public Tensor? ClosedFormKL() => HasLaterPrior ? null : KLDivergence.ClosedForm(Posterior, Prior);

    /// <summary>
    /// Makes K draws of the latent for each datum. An objective may later weight the gradient that passes back through
    /// the draws (<see cref="WeighPath"/>), as doubly reparameterized estimators do. Therefore compute everything that
    /// depends on the draws from <see cref="Value"/>.
    /// </summary>
    /// <param name="name">The latent's name in reports.</param>
    /// <param name="posterior">q(z|x).</param>
    /// <param name="prior">p(z).</param>
    /// <param name="rng">Source of the noise.</param>
    /// <param name="samples">K.</param>
    /// <param name="discrete">How draws are made where q has no pathwise gradient; exact draws by default.</param>
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
                throw new ArgumentException($"A latent that depends on the {samples} draws of another latent needs a " +
                    $"diagonal normal posterior of batch shape [{samples}, B]. The posterior of '{name}' is a " +
                    $"{posterior.GetType().Name} of batch shape {posterior.BatchShape}.", nameof(posterior));
            }

            // One draw for each draw of the other latent. The second axis counts the data.
            Tensor each = Tensor.NormalSample(given.Loc, given.Scale, rng, sampleAxis: 1);
            return new LatentTerm(name, posterior, prior, Tensor.WithVjp(each, [each], path.Apply))
            {
                _path = path, _rng = rng,
            };
        }

        // A flow computes the density of its own draws while it draws. The inverse of the flow may be slow.
        (Tensor z, Tensor? logPosterior) = pathwise.ScoresItsDraws ? pathwise.RSampleWithLogProb(rng, [samples])
            : (pathwise.RSample(rng, [samples]), null);
        return new LatentTerm(name, posterior, prior, Tensor.WithVjp(z, [z], path.Apply))
        {
            _path = path, _logPosterior = logPosterior, _rng = rng,
        };
    }

    /// <summary>KL(q(z_j|x) || p(z_j)) of each variable, [B, variables] or [K, B, variables]. Null where the variables
    /// of the posterior or the prior are not independent, or where the KL has no closed form.</summary>
    public Tensor? ComponentwiseKL() => HasLaterPrior ? null : (Posterior, Prior) switch
    {
        (DiagonalNormal q, DiagonalNormal p) => q.ComponentwiseKL(p),
        (DiagonalNormal q, Independent { Axes: 1 } p) => KLDivergence.Exact(q.Components, p.Components),
        (Delta q, Independent { Axes: 1 } p) => -p.Components.LogProb(q.Value),
        (Independent { Axes: 1 } q, Independent { Axes: 1 } p) => KLDivergence.Exact(q.Components, p.Components),
        _ => null,
    };

    /// <summary>log q(z_i|x_j) of the draws of each datum i under the posterior of each datum j, for each variable: [K,
    /// B, B, variables], the axes in the order sample, i, j, variable.</summary>
    /// <exception cref="NotSupportedException">The posterior's variables are not independent, the draws are relaxed, or
    /// q depends on the draws of another latent.</exception>
    public Tensor PairwiseLogPosterior()
    {
        RequireUnconditional("the aggregate posterior");
        if (IsRelaxed)
        {
            throw new NotSupportedException($"The draws of latent '{Name}' are relaxed, and relaxed values have no " +
                "probability, so the aggregate posterior cannot be estimated. Draw the latent straight through.");
        }

        Distribution variables = VariablesOf(Posterior)
            ?? throw new NotSupportedException("The aggregate posterior needs a posterior of independent variables. " +
                $"The variables of latent '{Name}' are not independent: its posterior is a " +
                $"{Posterior.GetType().Name}.");
        return variables.LogProb(Value.Reshape(Value.Shape[..2] + [1] + Value.Shape[2..]));
    }

    /// <summary>The distribution with its independent variables as the last axis of the batch; null where the variables
    /// are not independent.</summary>
    internal static Distribution? VariablesOf(Distribution distribution) => distribution switch
    {
        DiagonalNormal q => q.Components,
        Independent { Axes: 1 } q => q.Components,
        ReparameterizedIndependent q when q.EventShape.Rank - q.Components.EventShape.Rank == 1 => q.Components,
        _ => null,
    };

    /// <summary><paramref name="count"/> draws of the prior, [count] + event, from a separate stream of this pass's
    /// noise.</summary>
    /// <exception cref="InvalidOperationException">The term was not made by <see cref="Draw"/>.</exception>
    public Tensor PriorDraws(int count) => Prior.Sample(Noise("prior"), [count]);

    /// <summary>A separate stream of this pass's noise with a name.</summary>
    /// <exception cref="InvalidOperationException">The term was not made by <see cref="Draw"/>.</exception>
    public Rng Noise(string name) =>
        (_rng ?? throw new InvalidOperationException($"Latent '{Name}' has no source of noise, because " +
            "LatentTerm.Draw did not make its draws. Make the term with LatentTerm.Draw.")).Split(name);

    /// <summary>Reshapes values [...] + event to vectors [..., Z].</summary>
    public Tensor Flat(Tensor value) => Flat(value, Posterior.EventShape);

    /// <summary>Reshapes latents [...] + event to vectors [..., Z], the input of a decoder.</summary>
    internal static Tensor Flat(Tensor value, Shape eventShape) => eventShape.Rank == 1 ? value
        : value.Reshape(value.Shape[..^eventShape.Rank] + [eventShape.Size]);

    /// <summary>Multiplies the gradient that passes back through each draw by a weight, [K, B].</summary>
    /// <exception cref="InvalidOperationException">The term was not made by <see cref="Draw"/>.</exception>
    /// <exception cref="NotSupportedException">The posterior is discrete, or computes the density of its draws while it
    /// draws (as a flow does), where the weights do not apply; or q depends on the draws of another latent.</exception>
    public void WeighPath(Tensor weights)
    {
        RequireUnconditional("a weight on the gradient through its draws");
        if (Posterior is ReparameterizedDistribution { ScoresItsDraws: true })
        {
            throw new NotSupportedException($"The gradient through the draws of latent '{Name}' cannot be weighted: " +
                $"a {Posterior.GetType().Name} computes the density of its draws while it draws. Use " +
                "PathGradient.Total or StickingTheLanding (in a configuration: objective.estimator 'sampled' or " +
                "'sticking-the-landing').");
        }

        if (Posterior is not ReparameterizedDistribution)
        {
            throw new NotSupportedException($"Latent '{Name}' is discrete: no gradient passes through its draws, so " +
                "there is no gradient to weight. Use PathGradient.Total (in a configuration: objective.estimator " +
                "'sampled').");
        }

        if (_path is null)
        {
            throw new InvalidOperationException($"The gradient through the draws of latent '{Name}' cannot be " +
                "weighted, because LatentTerm.Draw did not make the draws. Make the term with LatentTerm.Draw.");
        }

        _path.Weights = weights;
    }

    /// <summary>A tensor of zeros, [K, B], with the gradient of log q at fixed draws. This is the part of the gradient
    /// that does not pass through the draws.</summary>
    /// <exception cref="NotSupportedException">q depends on the draws of another latent, so that the part of the
    /// gradient through those draws cannot be separated.</exception>
    public Tensor DirectScore()
    {
        RequireUnconditional("the score of its density");
        return Posterior.LogProb(Value.Detach()).GradientOnly();
    }

    /// <summary>Throws if q depends on the draws of another latent.</summary>
    /// <param name="what">What the caller needs a formula of.</param>
    /// <exception cref="NotSupportedException">q depends on the draws of another latent.</exception>
    public void RequireUnconditional(string what)
    {
        if (IsConditional)
        {
            throw new NotSupportedException($"Latent '{Name}' depends on the draws of another latent, and for such a " +
                $"latent the library has no formula of {what}. Use the ELBO or an importance-weighted bound with its " +
                $"total gradient.");
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
