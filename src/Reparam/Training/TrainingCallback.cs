namespace Reparam.Training;

/// <summary>Observes a <see cref="Trainer"/>, for example for a progress display, metrics or checkpoints. The trainer
/// calls it on the training thread, between steps.</summary>
public abstract class TrainingCallback
{
    /// <summary>Called after each step.</summary>
    public virtual void OnStep(TrainingState state, StepReport report)
    {
    }

    /// <summary>Called after each epoch and its validation.</summary>
    public virtual void OnEpoch(TrainingState state, EpochReport report)
    {
    }

    /// <summary>Called if training was asked to stop, after the step in progress.</summary>
    public virtual void OnInterrupted(TrainingState state)
    {
    }
}
