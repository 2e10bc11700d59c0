using Reparam.Tensors;

namespace Reparam.Cli.Laboratory;

/// <summary>An expectation with a known gradient, and the estimators of this gradient.</summary>
/// <param name="Name">The name on the command line.</param>
/// <param name="Description">A description of the expectation.</param>
/// <param name="Parameters">The parameters of the gradient.</param>
/// <param name="Exact">The exact gradient for each parameter.</param>
/// <param name="Truth">How the exact gradient was computed.</param>
/// <param name="Estimators">The estimators.</param>
internal sealed record LaboratoryProblem(
    string Name, string Description, Tensor[] Parameters, Tensor[] Exact, string Truth,
    IReadOnlyList<LaboratoryEstimator> Estimators);
