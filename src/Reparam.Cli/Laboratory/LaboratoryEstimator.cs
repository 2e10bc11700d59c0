using Reparam.Tensors;

namespace Reparam.Cli.Laboratory;

/// <summary>An estimator for one problem.</summary>
/// <param name="Name">The name of the estimator.</param>
/// <param name="IsUnbiased">Whether the estimator is unbiased in theory.</param>
/// <param name="Estimate">Takes the noise and the number of draws, and returns the scalar whose gradient is the
/// estimate.</param>
internal sealed record LaboratoryEstimator(string Name, bool IsUnbiased, Func<Rng, int, Tensor> Estimate);
