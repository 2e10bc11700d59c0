using Reparam.Serialization;
using Reparam.Training;

namespace Reparam.Runs;

/// <summary>Writes a checkpoint at the end of each epoch, when training is interrupted and, optionally, after a fixed
/// number of steps.</summary>
public sealed class CheckpointCallback : TrainingCallback
{
    private readonly CheckpointFolder _folder;
    private readonly int _keep;
    private readonly long _everySteps;

    /// <summary>
    /// Writes checkpoints into the folder of a run and keeps the newest <paramref name="keep"/> and the best. With
    /// <paramref name="everySteps"/> above 0, also writes a checkpoint after every <paramref name="everySteps"/> steps.
    /// </summary>
    public CheckpointCallback(CheckpointFolder folder, int keep, long everySteps = 0)
    {
        _folder = folder;
        _keep = keep;
        _everySteps = everySteps;
    }

    /// <inheritdoc/>
    public override void OnStep(TrainingState state, StepReport report)
    {
        // OnEpoch saves the last step of an epoch, together with the result of its validation.
        if (_everySteps > 0 && report.Step % _everySteps == 0 && report.Batch < report.Batches)
            TrainingCheckpoint.Save(_folder, state, best: false, _keep);
    }

    /// <inheritdoc/>
    public override void OnEpoch(TrainingState state, EpochReport report) =>
        TrainingCheckpoint.Save(_folder, state, report.IsBest, _keep);

    /// <inheritdoc/>
    public override void OnInterrupted(TrainingState state) =>
        TrainingCheckpoint.Save(_folder, state, best: false, _keep);
}
