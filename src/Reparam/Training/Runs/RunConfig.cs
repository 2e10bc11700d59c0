namespace Reparam.Training.Runs;

/// <summary>
/// Everything that determines a run: with the version and the data it determines the weights to the bit. Saved as <c>config.json</c>.
/// </summary>
public sealed record RunConfig
{
    /// <summary>The newest format this version reads and the one it writes.</summary>
    public const int CurrentSchema = 1;

    /// <summary>Version of the format.</summary>
    public int Schema { get; init; } = CurrentSchema;

    /// <summary>What is learnt from.</summary>
    public DataConfig Data { get; init; } = new();

    /// <summary>What learns.</summary>
    public ModelConfig Model { get; init; } = new();

    /// <summary>What is maximised.</summary>
    public ObjectiveConfig Objective { get; init; } = new();

    /// <summary>How steps are taken.</summary>
    public OptimizerConfig Optimizer { get; init; } = new();

    /// <summary>How long.</summary>
    public TrainingConfig Training { get; init; } = new();
}
