using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Objectives.Estimators;

/// <summary>
/// A way of estimating E_q[f(z)] together with its gradient by the parameters of q: an expectation whose distribution
/// depends on what is differentiated. The type of q says what an estimator can do: a <see cref="Pathwise"/> one takes a
/// <see cref="ReparameterizedDistribution"/>, so asking it for the gradient of a coin does not compile.
/// </summary>
/// <typeparam name="TDistribution">What q has to be.</typeparam>
public abstract class GradientEstimator<TDistribution>
    where TDistribution : Distribution
{
    /// <summary>The estimator in words, with its settings.</summary>
    public abstract string Name { get; }

    /// <summary>Whether the expectation of the gradient is the gradient of the expectation.</summary>
    public abstract bool IsUnbiased { get; }

    /// <summary>
    /// An estimate of E_q[f(z)] from <paramref name="samples"/> draws, of the batch's shape. Its value is a mean of f
    /// over draws from q; what a tape makes of it by the parameters of q is the estimator, by the parameters of f the
    /// mean of the derivatives of f.
    /// </summary>
    /// <param name="q">The distribution, with parameters on the tape.</param>
    /// <param name="f">From z of shape [K] + batch + event to values of shape [K] + batch. It may be called more than
    /// once, and K may be larger than asked for.</param>
    /// <param name="rng">Source of the noise.</param>
    /// <param name="samples">K, the number of draws, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no draw to average over.</exception>
    /// <exception cref="NotSupportedException">q is of a kind that the estimator has no formula for; the message names
    /// others.</exception>
    public abstract Tensor Estimate(TDistribution q, Func<Tensor, Tensor> f, Rng rng, int samples = 1);
}
