using Reparam.Distributions;
using Reparam.Tensors;

namespace Reparam.Objectives.Estimators;

/// <summary>An estimator applied to one expectation.</summary>
/// <param name="Name">The estimator in words.</param>
/// <param name="IsUnbiased">Whether the estimator promises an unbiased gradient.</param>
/// <param name="Estimate">From a source of noise and a number of draws to the scalar whose gradient is the
/// estimate.</param>
public sealed record EstimatorTrial(string Name, bool IsUnbiased, Func<Rng, int, Tensor> Estimate)
{
    /// <summary>The trial of an estimator of the gradient of E_q[f(z)], summed over the batch of q.</summary>
    /// <typeparam name="TDistribution">The type of q.</typeparam>
    /// <param name="estimator">The estimator.</param>
    /// <param name="q">Makes q from the parameters. It is called for each estimate, while a tape records.</param>
    /// <param name="f">A function from z of shape [K] + batch + event to values of shape [K] + batch.</param>
    public static EstimatorTrial Of<TDistribution>(
        GradientEstimator<TDistribution> estimator, Func<TDistribution> q, Func<Tensor, Tensor> f)
        where TDistribution : Distribution
    {
        ArgumentNullException.ThrowIfNull(estimator);
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(f);
        return new(estimator.Name, estimator.IsUnbiased,
            (rng, samples) => estimator.Estimate(q(), f, rng, samples).Sum());
    }
}
