using Reparam.Training;

namespace Reparam.Tests.Training;

/// <summary>A callback made of functions.</summary>
internal sealed class Spy(
    Action<TrainingState, StepReport>? onStep = null, Action<TrainingState, EpochReport>? onEpoch = null,
    Action<TrainingState>? onInterrupted = null)
    : TrainingCallback
{
    public override void OnStep(TrainingState state, StepReport report) => onStep?.Invoke(state, report);

    public override void OnEpoch(TrainingState state, EpochReport report) => onEpoch?.Invoke(state, report);

    public override void OnInterrupted(TrainingState state) => onInterrupted?.Invoke(state);
}
