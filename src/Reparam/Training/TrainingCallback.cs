namespace Reparam.Training;

/// <summary>
/// Something that looks on while a <see cref="Trainer"/> works: progress display, metrics, checkpoints. Called on the
/// training thread, between steps.
/// </summary>
public abstract class TrainingCallback
{
    /// <summary>After each step.</summary>
    public virtual void OnStep(TrainingState state, StepReport report)
    {
    }

    /// <summary>After each epoch and its validation.</summary>
    public virtual void OnEpoch(TrainingState state, EpochReport report)
    {
    }

    /// <summary>When training was asked to stop, after the step in progress.</summary>
    public virtual void OnInterrupted(TrainingState state)
    {
    }
}
