using Reparam.Tensors;

namespace Reparam.Distributions.Divergences;

/// <summary>The Kullback-Leibler divergence KL(q || p) = E_q[log q - log p], in nats.</summary>
public static class KLDivergence
{
    /// <summary>
    /// KL(q || p) for each batch member. It is in closed form where the pair has one, otherwise a Monte Carlo mean over
    /// <paramref name="samples"/> draws from q. It is differentiable in all parameters. The gradients of the Monte
    /// Carlo form are pathwise, so q must be reparameterized.
    /// </summary>
    /// <exception cref="NotSupportedException">The pair has no closed form and q has no <c>RSample</c>.</exception>
    /// <exception cref="ArgumentException">The event shapes differ.</exception>
    public static KLResult Between(Distribution q, Distribution p, Rng rng, int samples = 1)
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(p);
        return ClosedForm(q, p) is { } exact
            ? new KLResult(exact, KLMethod.ClosedForm)
            : new KLResult(MonteCarlo(q, p, rng, samples), KLMethod.MonteCarlo);
    }

    /// <summary>
    /// KL(q || p) in closed form. It is infinity where q has mass outside the support of p. It is null where the pair
    /// has no closed form and the supports do not decide the value.
    /// </summary>
    /// <exception cref="ArgumentException">The event shapes differ.</exception>
    public static Tensor? ClosedForm(Distribution q, Distribution p)
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(p);
        // Broadcasting would silently repeat the parameters of the smaller distribution.
        if (q.EventShape != p.EventShape)
        {
            throw new ArgumentException($"KL({q.GetType().Name} || {p.GetType().Name}) needs events of one shape, " +
                $"got {q.EventShape} and {p.EventShape}. If the prior is a product of single variables, wrap it: new " +
                "Independent(d, 1).", nameof(p));
        }

        return Exact(q, p);
    }

    /// <summary>
    /// The formula of the pair, if it has one. Otherwise -H(q) - E_q[log p], if E_q[log p] has a formula. Infinity
    /// where q has mass outside the support of p.
    /// </summary>
    internal static Tensor? Exact(Distribution q, Distribution p)
    {
        Distribution? wideQ = q.DType == DType.Float32 ? q.Widened : null, wideP = p.DType == DType.Float32
            ? p.Widened : null;
        Tensor? kl = wideQ is not null && wideP is not null ? Formula(wideQ, wideP)?.To(q.DType) : Formula(q, p);
        if (kl is null) return null;
        // Rounding must not make the divergence negative. The gradient passes.
        return Tensor.WithVjp(Tensor.Maximum(kl, Tensor.Scalar(0, kl.DType)), [kl], g => [g]);
    }

    private static Tensor? Formula(Distribution q, Distribution p)
    {
        if (q.ClosedFormKL(p) is { } formula) return formula;
        if (!q.KnowsItsSupport || q.Support.Within(p.Support) is not { } within) return null;
        Shape batch = Checked.Join(q.BatchShape, p.BatchShape, "the batch of q", "the batch of p");
        if (q.EventShape.Rank > 0)
        {
            Tensor outside = (1 - within).BroadcastTo(
                Checked.Join(within.Shape, batch + q.EventShape, "the supports", "the events"));
            within = Tensor.Less(outside.SumFrom(^q.EventShape.Rank), 0.5);
        }

        Tensor infinite = Tensor.Full(batch, double.PositiveInfinity, q.DType);
        if (within.Sum().Item() == 0 && within.HasElements) return infinite;
        return q is { EventShape.Rank: 0, HasEntropy: true, HasMoments: true } && p.ExpectedLogProb(q) is { } expected
            ? Tensor.Where(within, -q.Entropy() - expected, infinite) : null;
    }

    /// <summary>The mean of log q(z) - log p(z) over <paramref name="samples"/> draws z from q, for any pair.</summary>
    /// <exception cref="NotSupportedException">q has no <c>RSample</c>.</exception>
    public static Tensor MonteCarlo(Distribution q, Distribution p, Rng rng, int samples)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        if (q is not ReparameterizedDistribution reparameterized)
        {
            throw new NotSupportedException(
                $"KL({q.GetType().Name} || {p.GetType().Name}) has no closed form, and {q.GetType().Name} cannot be " +
                    "sampled with a gradient. Use a relaxation of it, or enumerate its values.");
        }

        (Tensor z, Tensor logQ) = reparameterized.RSampleWithLogProb(rng, [samples]);
        return (logQ - p.LogProb(z)).Mean(0);
    }
}
