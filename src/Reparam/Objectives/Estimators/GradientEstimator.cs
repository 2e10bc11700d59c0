using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Objectives.Estimators;

/// <summary>
/// Estimates E_q[f(z)] together with its gradient by the parameters of q. The difficulty is that the distribution of z
/// itself depends on the parameters by which the gradient is taken. The type of q states which distributions an
/// estimator accepts: <see cref="Pathwise"/> takes a <see cref="ReparameterizedDistribution"/>, so code that asks it
/// for the gradient of a Bernoulli variable does not compile.
/// </summary>
/// <typeparam name="TDistribution">The type of q that the estimator accepts.</typeparam>
public abstract class GradientEstimator<TDistribution>
    where TDistribution : Distribution
{
    /// <summary>The estimator in words, with its settings.</summary>
    public abstract string Name { get; }

    /// <summary>Whether the expectation of the gradient is the gradient of the expectation.</summary>
    public abstract bool IsUnbiased { get; }

    /// <summary>
    /// An estimate of E_q[f(z)] from <paramref name="samples"/> draws, with the shape of the batch. Its value is a mean
    /// of f over the draws. Its gradient by the parameters of q is the estimate of the gradient; its gradient by the
    /// parameters of f is the mean of the derivatives of f.
    /// </summary>
    /// <param name="q">The distribution, with parameters on the tape.</param>
    /// <param name="f">A function from z of shape [K] + batch + event to values of shape [K] + batch. The estimator may
    /// call it more than once, and with a larger K than <paramref name="samples"/>.</param>
    /// <param name="rng">Source of the noise.</param>
    /// <param name="samples">K, the number of draws, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of samples is below 1.</exception>
    /// <exception cref="NotSupportedException">The estimator has no formula for this kind of q; the message names other
    /// estimators.</exception>
    public abstract Tensor Estimate(TDistribution q, Func<Tensor, Tensor> f, Rng rng, int samples = 1);
}
