using Reparam.Tensors;

namespace Reparam.Distributions.Divergences;

/// <summary>
/// The Jensen-Shannon divergence JS(q, p) = (KL(q || m) + KL(p || m)) / 2 with the even mixture m (Lin 1991), in nats:
/// symmetric, between 0 and log 2, finite whatever the supports.
/// </summary>
public static class JensenShannonDivergence
{
    private static readonly double LogTwo = PortableMath.Log(2);

    /// <summary>By a sum over all values, for distributions whose values can be listed.</summary>
    /// <exception cref="NotSupportedException">The values cannot be listed.</exception>
    public static Tensor Exact(Distribution q, Distribution p)
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(p);
        Tensor z = q.EnumerateSupport(), logQ = q.LogProb(z), logP = p.LogProb(z);
        return ((logQ.Exp() * Excess(logQ, logP)).Sum(0) + (logP.Exp() * Excess(logP, logQ)).Sum(0)) * 0.5;
    }

    /// <summary>From draws of both, unbiased in value. Pathwise gradients by both.</summary>
    public static Tensor MonteCarlo(ReparameterizedDistribution q, ReparameterizedDistribution p, Rng rng, int samples)
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(p);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        (Tensor x, Tensor logQ) = q.RSampleWithLogProb(rng, [samples]);
        (Tensor y, Tensor logP) = p.RSampleWithLogProb(rng, [samples]);
        return (Excess(logQ, p.LogProb(x)).Mean(0) + Excess(logP, q.LogProb(y)).Mean(0)) * 0.5;
    }

    /// <summary>log a - log((a + b)/2) = log 2 - softplus(log b - log a): at most log 2, and 0 where a itself is
    /// 0.</summary>
    private static Tensor Excess(Tensor logA, Tensor logB)
    {
        Tensor possible = Formulas.IsAboveNegativeInfinity(logA);
        return Tensor.Where(possible, LogTwo - (logB - Tensor.Where(possible, logA, 0)).SoftPlus(), 0);
    }
}
