namespace Reparam.Training;

/// <summary>A report of one step.</summary>
/// <param name="Step">Number of steps taken, including this step.</param>
/// <param name="Epoch">The epoch in progress, from 1.</param>
/// <param name="Batch">Number of batches of this epoch taken, including this batch.</param>
/// <param name="Batches">Batches in an epoch.</param>
/// <param name="Loss">The loss of the step.</param>
/// <param name="GradientNorm">The norm of the whole gradient before clipping.</param>
/// <param name="ImagesPerSecond">Training data per second in this epoch so far.</param>
public readonly record struct StepReport(
    long Step, int Epoch, int Batch, int Batches, double Loss, double GradientNorm, double ImagesPerSecond);
