namespace Reparam.Training;

/// <summary>One step.</summary>
/// <param name="Step">Steps taken, this one included.</param>
/// <param name="Epoch">The epoch in progress, from 1.</param>
/// <param name="Batch">Batches of this epoch taken, this one included.</param>
/// <param name="Batches">Batches in an epoch.</param>
/// <param name="Loss">The loss of the step.</param>
/// <param name="GradientNorm">The norm of the whole gradient before clipping.</param>
/// <param name="ImagesPerSecond">Training data a second in this epoch so far.</param>
public readonly record struct StepReport(
    long Step, int Epoch, int Batch, int Batches, double Loss, double GradientNorm, double ImagesPerSecond);
