namespace Reparam.Training;

/// <summary>The result of <see cref="Trainer.Fit"/>.</summary>
/// <param name="State">The final state; its model holds the trained parameters.</param>
/// <param name="Epochs">A report for each epoch trained in this call.</param>
/// <param name="Interrupted">Whether training was asked to stop before its last epoch.</param>
/// <param name="ImagesPerSecond">Training data per second over all steps of this call.</param>
public sealed record TrainingReport(
    TrainingState State, IReadOnlyList<EpochReport> Epochs, bool Interrupted, double ImagesPerSecond);
