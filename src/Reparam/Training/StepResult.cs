namespace Reparam.Training;

/// <summary>The numbers of one step, before its update, in nats per datum.</summary>
/// <param name="Loss">The loss that was minimised.</param>
/// <param name="Bound">The bound, where the objective has one.</param>
/// <param name="Reconstruction">The mean log-likelihood.</param>
/// <param name="KL">The KL, or what stands for it.</param>
/// <param name="GradientNorm">The norm of the whole gradient before clipping.</param>
public readonly record struct StepResult(
    double Loss, double Bound, double Reconstruction, double KL, double GradientNorm);
