using Reparam.Tensors;

namespace Reparam.Distributions.Divergences;

/// <summary>The Kullback-Leibler divergence KL(q || p) = E_q[log q - log p], in nats.</summary>
public static class KLDivergence
{
    /// <summary>
    /// KL(q || p) for each batch member: in closed form where the pair has one, else a Monte Carlo mean over
    /// <paramref name="samples"/> draws from q. Differentiable in all parameters (the Monte Carlo form pathwise, so q must be reparameterized).
    /// </summary>
    /// <exception cref="NotSupportedException">The pair has no closed form and q has no <c>RSample</c>.</exception>
    /// <exception cref="ArgumentException">Their events differ in shape.</exception>
    public static KLResult Between(Distribution q, Distribution p, Rng rng, int samples = 1)
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(p);
        return ClosedForm(q, p) is { } exact
            ? new KLResult(exact, KLMethod.ClosedForm)
            : new KLResult(MonteCarlo(q, p, rng, samples), KLMethod.MonteCarlo);
    }

    /// <summary>KL(q || p) in closed form; null where this pair has none.</summary>
    /// <exception cref="ArgumentException">Their events differ in shape.</exception>
    public static Tensor? ClosedForm(Distribution q, Distribution p)
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(p);
        // Broadcasting would quietly repeat the smaller one's parameters.
        if (q.EventShape != p.EventShape)
            throw new ArgumentException($"KL({q.GetType().Name} || {p.GetType().Name}) needs events of one shape, got {q.EventShape} and {p.EventShape}.", nameof(p));
        return q.ClosedFormKL(p);
    }

    /// <summary>The mean of log q(z) - log p(z) over <paramref name="samples"/> draws z from q, whatever the pair.</summary>
    /// <exception cref="NotSupportedException">q has no <c>RSample</c>.</exception>
    public static Tensor MonteCarlo(Distribution q, Distribution p, Rng rng, int samples)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        if (q is not ReparameterizedDistribution reparameterized)
        {
            throw new NotSupportedException(
                $"KL({q.GetType().Name} || {p.GetType().Name}) has no closed form, and {q.GetType().Name} cannot be sampled with a gradient. Relax it, or enumerate its values.");
        }

        Tensor z = reparameterized.RSample(rng, [samples]);
        return (q.LogProb(z) - p.LogProb(z)).Mean(0);
    }
}
