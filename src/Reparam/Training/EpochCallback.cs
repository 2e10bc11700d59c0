namespace Reparam.Training;

/// <summary>Calls a function after each epoch, for example to print a line of progress.</summary>
public sealed class EpochCallback : TrainingCallback
{
    private readonly Action<EpochReport> _tell;

    /// <summary>A callback that calls <paramref name="tell"/> after each epoch and its validation.</summary>
    public EpochCallback(Action<EpochReport> tell)
    {
        ArgumentNullException.ThrowIfNull(tell);
        _tell = tell;
    }

    /// <inheritdoc/>
    public override void OnEpoch(TrainingState state, EpochReport report) => _tell(report);
}
