using Reparam.Tensors;

namespace Reparam.Objectives.Estimators;

/// <summary>
/// An expectation whose exact gradient is known, and the estimators of this gradient that are compared. A problem of
/// your own is a new record: <see cref="Study"/> measures its estimators and <see cref="EstimatorResult.WriteCsv"/>
/// writes the numbers.
/// </summary>
/// <param name="Name">A short name.</param>
/// <param name="Description">The expectation in words.</param>
/// <param name="Parameters">The parameters by which the gradient is taken.</param>
/// <param name="Exact">The exact gradient, one tensor for each parameter.</param>
/// <param name="Truth">Where the exact gradient is from, such as a formula or an enumeration.</param>
/// <param name="Estimators">The estimators.</param>
public sealed record EstimatorProblem(
    string Name, string Description, IReadOnlyList<Tensor> Parameters, IReadOnlyList<Tensor> Exact, string Truth,
    IReadOnlyList<EstimatorTrial> Estimators)
{
    /// <summary>Measures each estimator. The noise of an estimator depends on its name and on the seed only.</summary>
    /// <param name="rng">Source of the noise.</param>
    /// <param name="samples">K, the number of draws of each estimate; leave-one-out baselines need at least 2.</param>
    /// <param name="replicates">R, the number of independent estimates, at least 2.</param>
    /// <param name="cancellation">Ends the study early with an exception.</param>
    /// <exception cref="ArgumentException">The exact gradient does not fit the parameters, or has length 0.</exception>
    public IReadOnlyList<EstimatorResult> Study(
        Rng rng, int samples = 2, int replicates = 2000, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        return
        [
            .. Estimators.Select(e => new EstimatorResult(Name, e.Name, e.IsUnbiased, samples, GradientStudy.Measure(
                noise => e.Estimate(noise, samples), Parameters, Exact, rng.Split(e.Name), replicates, cancellation))),
        ];
    }
}
