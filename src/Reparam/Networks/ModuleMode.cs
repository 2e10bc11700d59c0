namespace Reparam.Networks;

/// <summary>What a module's next computations are for; only layers such as batch normalisation tell the
/// difference.</summary>
public enum ModuleMode
{
    /// <summary>Steps of training: statistics are those of the batch, and running averages follow them.</summary>
    Training,

    /// <summary>Everything else: statistics are the running averages, and nothing changes.</summary>
    Evaluation,
}
