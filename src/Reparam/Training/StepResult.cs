namespace Reparam.Training;

/// <summary>The numbers of one step, computed before its update, in nats per data point.</summary>
/// <param name="Loss">The loss that was minimised.</param>
/// <param name="Bound">The bound that the objective reports.</param>
/// <param name="Reconstruction">The mean log-likelihood.</param>
/// <param name="KL">The KL, exact or sampled.</param>
/// <param name="GradientNorm">The norm of the whole gradient before clipping.</param>
public readonly record struct StepResult(
    double Loss, double Bound, double Reconstruction, double KL, double GradientNorm);
