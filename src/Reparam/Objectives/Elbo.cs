using Reparam.Configuration;
using Reparam.Distributions;
using Reparam.Models;
using Reparam.Objectives.Penalties;
using Reparam.Tensors;

namespace Reparam.Objectives;

/// <summary>
/// The evidence lower bound E_q[log p(x|z)] - beta KL(q(z|x) || p(z)) (Kingma and Welling 2013, equation 3; beta-VAE:
/// Higgins et al. 2017). It is a lower bound on log p(x) if beta >= 1. Free bits can only lower it, because the loss
/// then pays at least the KL. With relaxed draws of discrete latents the training objective is not a bound; evaluation
/// uses exact draws.
/// </summary>
public sealed class Elbo : Objective
{
    /// <summary>A bound that is estimated with <paramref name="samples"/> draws of the latents for each data point (L
    /// in the paper).</summary>
    public Elbo(int samples = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        Samples = samples;
    }

    /// <inheritdoc/>
    public override int Samples { get; }

    /// <summary>The weight of the KL by step; 1 by default.</summary>
    public Schedule Beta { get; init; } = 1;

    /// <summary>The free bits: a floor under the KL that the loss pays. No floor by default.</summary>
    public FreeBits FreeBits { get; init; } = FreeBits.None;

    /// <summary>C(t), the capacity in nats by step: the loss pays beta |KL - C(t)| (Burgess et al. 2018), so a KL of
    /// C(t) costs nothing. If C is above 0, the objective is not a lower bound. No capacity by default.</summary>
    public Schedule? Capacity { get; init; }

    /// <summary>Penalties that are added to the loss. They depend on how the codes of all data are distributed
    /// together. No penalty by default.</summary>
    /// <exception cref="ArgumentException">More than one penalty has its own network: at most one such network trains
    /// together with the model.</exception>
    public IReadOnlyList<Penalty> Penalties
    {
        get;
        init => field = value.Count(p => p.Adversary is not null) <= 1 ? value
            : throw new ArgumentException("At most one penalty may have its own network.", nameof(value));
    } = [];

    /// <inheritdoc/>
    public override Discriminator? Adversary => Penalties.FirstOrDefault(p => p.Adversary is not null)?.Adversary;

    /// <summary>The estimator of the ELBO; the closed-form KL by default.</summary>
    public ElboEstimator Estimator { get; init; } = ElboEstimator.ClosedFormKL;

    /// <summary>
    /// N, the number of training data. A model with uncertain weights pays the KL of its weights once for all data,
    /// that is KL / N for each data point (Kingma and Welling 2013, appendix F). Such a model needs N; for other models
    /// N has no effect. <see cref="Beta"/> and <see cref="FreeBits"/> do not change this share.
    /// </summary>
    public int DataCount { get; init; }

    /// <inheritdoc/>
    public override string Name
    {
        get
        {
            string estimator = Estimator switch
            {
                ElboEstimator.Sampled => "SGVB A: sampled KL",
                ElboEstimator.StickingTheLanding => "SGVB A, sticking the landing",
                _ => "SGVB B: KL in closed form where there is one",
            };
            List<string> parts = [estimator];
            if (Discrete != DiscreteGradient.ScoreFunction) parts.Add($"{Discrete}");
            if (Capacity is not null) parts.Add($"capacity {Capacity} nats");
            parts.AddRange(Penalties.Select(p => p.Name));
            return $"elbo (samples {Samples}, beta {Beta}, free bits {FreeBits}, {string.Join("; ", parts)})";
        }
    }

    /// <inheritdoc/>
    public override bool ComparesData => Penalties.Any(p => p.ComparesData);

    /// <inheritdoc/>
    public override bool SamplesPrior => Penalties.Any(p => p.SamplesPrior);

    /// <inheritdoc/>
    public override bool AveragesLikelihood => true;

    /// <inheritdoc/>
    public override bool IsLowerBound(long step) => Beta.At(step) >= 1 && !Discrete.IsRelaxed && Capacity is null
        && Penalties.All(p => p.IsNonNegative);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The model's weights are uncertain and <see cref="DataCount"/> is not
    /// set.</exception>
    /// <exception cref="NotSupportedException">There is no formula for the settings with these latents: for example,
    /// free bits or a capacity with a KL that depends on draws without a gradient.</exception>
    public override ObjectiveValue Evaluate(InferencePass pass, long step)
    {
        ArgumentNullException.ThrowIfNull(pass);
        if (pass.DrawWeights is not null
            && (FreeBits.IsActive || Capacity is not null || Estimator != ElboEstimator.ClosedFormKL))
        {
            throw new NotSupportedException("Free bits, a capacity and a sampled KL have no formula if the values of " +
                "a latent are enumerated: use draws (objective.discrete), or remove these settings.");
        }

        if (FreeBits.IsActive || Capacity is not null || Estimator != ElboEstimator.ClosedFormKL)
            pass.RequireDensities("An ELBO with a sampled KL, free bits or a capacity");
        if (Penalties.Count > 0 && pass.Latents.FirstOrDefault(l => l.IsDetached) is { } detached)
        {
            throw new NotSupportedException($"A penalty on codes has no gradient if latent '{detached.Name}' is " +
                "chosen from a codebook: use the ELBO without a penalty.");
        }

        if (pass.KLParts.Count > 0 && (FreeBits.IsActive || Capacity is not null || Penalties.Count > 0))
        {
            throw new NotSupportedException($"Free bits, a capacity and penalties on codes have no formula for the " +
                $"part '{pass.KLParts[0].Name}' of the KL, whose latents are not drawn: remove these settings.");
        }

        double beta = Beta.At(step);
        Tensor reconstruction = pass.Mean(pass.LogLikelihood), signal = pass.LogLikelihood;
        Tensor? kl = null, paid = null;
        foreach (LatentTerm latent in pass.Latents)
        {
            Tensor each = KL(latent, out bool sampled), term = pass.Mean(each);
            // A sampled KL depends on which values are drawn, as the reconstruction does. The same holds for a KL that
            // depends on the draws of another latent.
            bool drawn = sampled || each.Rank > 1;
            // The score function would weight the KL of every draw by beta, no matter whether the mean KL lies above or
            // below the floor or the capacity.
            if (drawn && (FreeBits.IsActive || Capacity is not null)
                && pass.Latents.FirstOrDefault(l => l.NeedsScore) is { } scored)
            {
                throw new NotSupportedException(sampled
                    ? $"Free bits and a capacity need the KL of latent '{latent.Name}' in closed form " +
                        $"(objective.estimator 'closed-form-kl'), because the draws of latent '{scored.Name}' carry " +
                        "no gradient."
                    : $"Free bits and a capacity have no formula for latent '{latent.Name}', whose KL depends on the " +
                        $"draws of another latent, because the draws of latent '{scored.Name}' carry no gradient: " +
                        "use another DiscreteGradient, such as GumbelSoftmax, or remove the free bits and the " +
                        "capacity.");
            }

            Tensor floored = FreeBits.Floor(term, latent);
            kl = kl is null ? term : kl + term;
            paid = paid is null ? floored : paid + floored;
            if (drawn) signal -= each * beta;
        }

        foreach (KLPart part in pass.KLParts)
        {
            Tensor value = pass.Mean(part.Value);
            Tensor charged = ReferenceEquals(part.Loss, part.Value) ? value : pass.Mean(part.Loss);
            (kl, paid) = (kl is null ? value : kl + value, paid is null ? charged : paid + charged);
        }

        kl ??= Tensor.Zeros([], reconstruction.DType);
        paid ??= kl;
        if (Capacity is { } capacity) paid = (paid - capacity.At(step)).Abs();
        Tensor loss = paid * beta - reconstruction;
        Tensor? adversary = null;
        foreach (Penalty penalty in Penalties)
        {
            if (penalty.NeedsPath && Discrete == DiscreteGradient.ScoreFunction
                && pass.Latents.FirstOrDefault(l => l.NeedsScore) is { } without)
            {
                throw new NotSupportedException($"The penalty '{penalty.Name}' needs a gradient through the draws, " +
                    $"and the draws of latent '{without.Name}' carry none: use another DiscreteGradient, such as " +
                    "GumbelSoftmax with straightThrough.");
            }

            Tensor paidForCodes = penalty.Evaluate(pass);
            if (paidForCodes.Rank != 0)
            {
                throw new InvalidOperationException($"Evaluate of the penalty '{penalty.Name}' " +
                    $"({penalty.GetType().Name}.Evaluate) must return one number of shape [], but it returned shape " +
                    $"{paidForCodes.Shape}. Take its mean or its sum.");
            }

            loss += paidForCodes;
            adversary ??= penalty.AdversaryLoss(pass);
        }

        if (DiscreteGradient.Score(pass, signal) is { } score) loss -= score.Mean();
        foreach (PassTerm term in pass.Terms)
        {
            if (term.Weight > 0) loss += term.Value.Mean() * term.Weight;
        }

        Tensor bound = reconstruction - kl;
        if (pass.WeightsKL is { } weights)
        {
            if (DataCount < 1)
            {
                throw new InvalidOperationException("The model's weights are uncertain, and their KL is shared by " +
                    "all training data: set Elbo.DataCount to the number of training data.");
            }

            Tensor share = weights / DataCount;
            (loss, bound) = (loss + share, bound - share);
        }

        return new ObjectiveValue(loss, bound, reconstruction, kl) { AdversaryLoss = adversary };
    }

    private Tensor KL(LatentTerm latent, out bool sampled)
    {
        Tensor? exact = Estimator == ElboEstimator.ClosedFormKL ? latent.ClosedFormKL() : null;
        sampled = exact is null;
        if (exact is not null) return exact;
        if (Estimator == ElboEstimator.StickingTheLanding && latent.Posterior is not ReparameterizedDistribution)
        {
            throw new NotSupportedException("Sticking the landing keeps only the gradient through the draws, and the " +
                $"draws of latent '{latent.Name}' carry none: set objective.estimator to 'closed-form-kl'.");
        }

        if (latent.IsRelaxed)
        {
            throw new NotSupportedException($"Latent '{latent.Name}' has relaxed draws, which have no probability: " +
                "its KL cannot be sampled. Use the closed form (objective.estimator 'closed-form-kl').");
        }

        // The sampled KL uses the same draws as the reconstruction: together they are one Monte Carlo estimate of the
        // whole bound.
        Tensor logRatio = latent.LogPosterior - latent.Prior.LogProb(latent.Value);
        return Estimator == ElboEstimator.StickingTheLanding ? logRatio - latent.DirectScore() : logRatio;
    }
}

/// <summary>Settings of an <see cref="Elbo"/> without a penalty.</summary>
public sealed record ElboSettings : BoundSettings
{
    /// <inheritdoc cref="Settings.Kind"/>
    public static Kind Definition { get; } = Kind.Of<ElboSettings>(
        "elbo", "the evidence lower bound", [.. OfDraws, BetaSetting, .. OfKL]);

    /// <inheritdoc/>
    public override Kind Kind => Definition;

    /// <inheritdoc/>
    public override Elbo Make(ObjectiveParts parts) => Bound(parts);
}
