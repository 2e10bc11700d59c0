namespace Reparam.Training;

/// <summary>Tells a function of each epoch, such as one that prints a line of progress.</summary>
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
