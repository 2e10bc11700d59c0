using Reparam.Tensors;

namespace Reparam.Cli.Laboratory;

/// <summary>An estimator at work on one problem.</summary>
/// <param name="Name">The estimator in words.</param>
/// <param name="IsUnbiased">What it promises.</param>
/// <param name="Estimate">From noise and a number of draws to the scalar whose gradient is the estimate.</param>
internal sealed record LaboratoryEstimator(string Name, bool IsUnbiased, Func<Rng, int, Tensor> Estimate);
