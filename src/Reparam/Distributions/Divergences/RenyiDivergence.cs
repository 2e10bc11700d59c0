using Reparam.Tensors;

namespace Reparam.Distributions.Divergences;

/// <summary>
/// The Renyi divergence D_a(q || p) = log E_q[(q/p)^(a - 1)] / (a - 1) (Renyi 1961), in nats. As the order a goes to 1
/// it becomes KL(q || p). It does not decrease with a.
/// </summary>
public static class RenyiDivergence
{
    /// <summary>
    /// The divergence of diagonal normals in closed form (Gil, Alajaji and Linder 2013): the sum over components of a
    /// (m_q - m_p)^2 / (2 v) - log(s_q / s_p) - log(v / s_p^2) / (2 (a - 1)) with v = a s_p^2 + (1 - a) s_q^2. It is
    /// infinite where a v is not positive.
    /// </summary>
    /// <param name="q">The left distribution.</param>
    /// <param name="p">The right distribution.</param>
    /// <param name="order">The order a, positive, finite and not 1.</param>
    public static Tensor Between(DiagonalNormal q, DiagonalNormal p, double order)
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(p);
        RequireOrder(order);
        if (q.EventShape != p.EventShape)
        {
            throw new ArgumentException(
                $"The divergence needs events of one shape, got {q.EventShape} and {p.EventShape}.", nameof(p));
        }

        // Uses v / s_p^2 = a + (1 - a) r^2 with r = s_q / s_p.
        Tensor logRatio = q.LogScale - p.LogScale, v = order + (logRatio * 2).Exp() * (1 - order),
            positive = Tensor.Less(Tensor.Scalar(0, v.DType), v);
        Tensor safe = Tensor.Where(positive, v, 1), shift = (q.Loc - p.Loc) / p.Scale;
        Tensor terms = shift.Square() / safe * (0.5 * order) - logRatio - safe.Log() * (0.5 / (order - 1));
        return Tensor.Where(positive, terms, double.PositiveInfinity).Sum(^1);
    }

    /// <summary>
    /// An estimate of the divergence of any pair from draws of q. It is a logarithm of a mean, so it is biased for few
    /// draws: downwards for a above 1, upwards for a below 1. The bias grows with |a - 1|. The gradients are pathwise
    /// with respect to the parameters of q, and they include the parameters of p.
    /// </summary>
    /// <param name="q">The left distribution.</param>
    /// <param name="p">The right distribution.</param>
    /// <param name="order">The order a, positive, finite and not 1.</param>
    /// <param name="rng">The source of the draws.</param>
    /// <param name="samples">The number of draws.</param>
    public static Tensor MonteCarlo(ReparameterizedDistribution q, Distribution p, double order, Rng rng, int samples)
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(p);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        RequireOrder(order);
        (Tensor z, Tensor logQ) = q.RSampleWithLogProb(rng, [samples]);
        Tensor logPower = (logQ - p.LogProb(z)) * (order - 1);
        return (logPower.LogSumExp(0) - PortableMath.Log(samples)) / (order - 1);
    }

    private static void RequireOrder(double order)
    {
        if (!(order > 0) || order == 1 || !double.IsFinite(order))
        {
            throw new ArgumentOutOfRangeException(nameof(order), order, "The order of a Renyi divergence must be " +
                "positive, finite and not 1. For order 1 use the Kullback-Leibler divergence.");
        }
    }
}
