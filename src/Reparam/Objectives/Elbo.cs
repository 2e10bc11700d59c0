using Reparam.Distributions.Divergences;
using Reparam.Models;
using Reparam.Tensors;

namespace Reparam.Objectives;

/// <summary>
/// The evidence lower bound E_q[log p(x|z)] - beta KL(q(z|x) || p(z)) (Kingma and Welling 2013, equation 3; beta-VAE: Higgins et
/// al. 2017). A lower bound on log p(x) where beta >= 1; free bits only lower it, since they
/// charge at least the KL.
/// </summary>
public sealed class Elbo : Objective
{
    /// <summary>A bound estimated with <paramref name="samples"/> draws of the latents for each datum (L in the paper).</summary>
    public Elbo(int samples = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        Samples = samples;
    }

    /// <inheritdoc/>
    public override int Samples { get; }

    /// <summary>The weight of the KL by step; 1 by default.</summary>
    public Schedule Beta { get; init; } = 1;

    /// <summary>The KL that is not paid for; none by default.</summary>
    public FreeBits FreeBits { get; init; } = FreeBits.None;

    /// <summary>Which of the paper's two estimators; the closed-form KL by default.</summary>
    public ElboEstimator Estimator { get; init; } = ElboEstimator.ClosedFormKL;

    /// <inheritdoc/>
    public override string Name =>
        $"elbo (samples {Samples}, beta {Beta}, free bits {FreeBits}, {Estimator switch
        {
            ElboEstimator.Sampled => "SGVB A: sampled KL",
            ElboEstimator.StickingTheLanding => "SGVB A, sticking the landing",
            _ => "SGVB B: closed-form KL",
        }})";

    /// <inheritdoc/>
    public override bool IsLowerBound(long step) => Beta.At(step) >= 1;

    /// <inheritdoc/>
    public override ObjectiveValue Evaluate(InferencePass pass, long step)
    {
        ArgumentNullException.ThrowIfNull(pass);
        Tensor reconstruction = pass.LogLikelihood.Mean();
        Tensor? kl = null, paid = null;
        foreach (LatentTerm latent in pass.Latents)
        {
            Tensor term = KL(latent).Mean();
            Tensor floored = FreeBits.Floor(term, latent);
            kl = kl is null ? term : kl + term;
            paid = paid is null ? floored : paid + floored;
        }

        kl ??= Tensor.Zeros([], reconstruction.DType);
        paid ??= kl;
        return new ObjectiveValue(paid * Beta.At(step) - reconstruction, reconstruction - kl, reconstruction, kl);
    }

    private Tensor KL(LatentTerm latent)
    {
        Tensor? exact = Estimator == ElboEstimator.ClosedFormKL ? KLDivergence.ClosedForm(latent.Posterior, latent.Prior) : null;
        if (exact is not null) return exact;
        // The draws that scored the reconstruction serve the sampled KL too: one Monte Carlo estimate of the whole bound.
        Tensor sampled = latent.LogPosterior - latent.Prior.LogProb(latent.Value);
        return Estimator == ElboEstimator.StickingTheLanding ? sampled - latent.DirectScore() : sampled;
    }
}
