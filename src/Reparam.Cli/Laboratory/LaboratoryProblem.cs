using Reparam.Tensors;

namespace Reparam.Cli.Laboratory;

/// <summary>An expectation with a known gradient, and the estimators that can be asked for it.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Description">The expectation in words.</param>
/// <param name="Parameters">What the gradient is taken by.</param>
/// <param name="Exact">The gradient.</param>
/// <param name="Truth">Where the exact gradient is from.</param>
/// <param name="Estimators">The estimators.</param>
internal sealed record LaboratoryProblem(
    string Name, string Description, Tensor[] Parameters, Tensor[] Exact, string Truth,
    IReadOnlyList<LaboratoryEstimator> Estimators);
