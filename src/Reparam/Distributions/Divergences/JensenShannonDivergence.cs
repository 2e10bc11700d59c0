using Reparam.Tensors;

namespace Reparam.Distributions.Divergences;

/// <summary>
/// The Jensen-Shannon divergence JS(q, p) = (KL(q || m) + KL(p || m)) / 2 in nats, where m is the mixture with equal
/// weights (Lin 1991). It is symmetric, lies between 0 and log 2, and is finite for any supports.
/// </summary>
public static class JensenShannonDivergence
{
    private static readonly double LogTwo = PortableMath.Log(2);

    /// <summary>The divergence by a sum over all values, for distributions whose values can be listed.</summary>
    /// <exception cref="NotSupportedException">The values cannot be listed.</exception>
    public static Tensor Exact(Distribution q, Distribution p)
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(p);
        Tensor z = q.EnumerateSupport(), logQ = q.LogProb(z), logP = p.LogProb(z);
        return ((logQ.Exp() * Excess(logQ, logP)).Sum(0) + (logP.Exp() * Excess(logP, logQ)).Sum(0)) * 0.5;
    }

    /// <summary>
    /// An estimate from draws of both distributions. Its value is unbiased. It has pathwise gradients with respect to
    /// the parameters of both distributions.
    /// </summary>
    public static Tensor MonteCarlo(ReparameterizedDistribution q, ReparameterizedDistribution p, Rng rng, int samples)
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(p);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        (Tensor x, Tensor logQ) = q.RSampleWithLogProb(rng, [samples]);
        (Tensor y, Tensor logP) = p.RSampleWithLogProb(rng, [samples]);
        return (Excess(logQ, p.LogProb(x)).Mean(0) + Excess(logP, q.LogProb(y)).Mean(0)) * 0.5;
    }

    /// <summary>
    /// log a - log((a + b)/2) = log 2 - softplus(log b - log a). It is at most log 2, and it is 0 where a is 0.
    /// </summary>
    private static Tensor Excess(Tensor logA, Tensor logB)
    {
        Tensor possible = Formulas.IsAboveNegativeInfinity(logA);
        return Tensor.Where(possible, LogTwo - (logB - Tensor.Where(possible, logA, 0)).SoftPlus(), 0);
    }
}
