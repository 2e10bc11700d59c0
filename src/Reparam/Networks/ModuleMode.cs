namespace Reparam.Networks;

/// <summary>The purpose of a module's next computations. It matters only to layers such as batch
/// normalisation.</summary>
public enum ModuleMode
{
    /// <summary>Training steps: a layer uses the statistics of the batch, and updates its running averages with
    /// them.</summary>
    Training,

    /// <summary>Everything else: a layer uses its running averages, and changes nothing.</summary>
    Evaluation,
}
