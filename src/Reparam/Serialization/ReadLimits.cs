namespace Reparam.Serialization;

/// <summary>
/// What a reader of model files accepts, below what the format allows: a model file may come from a stranger. Raising a
/// limit is an explicit choice.
/// </summary>
public sealed record ReadLimits
{
    /// <summary>The limits used where none are given.</summary>
    public static ReadLimits Default { get; } = new();

    /// <summary>Largest file in bytes.</summary>
    public long MaxFileBytes { get; init; } = 16L << 30;

    /// <summary>Largest header in bytes; the format itself stops at 100,000,000.</summary>
    public int MaxHeaderBytes { get; init; } = 16 << 20;

    /// <summary>Largest number of tensors.</summary>
    public int MaxTensors { get; init; } = 100_000;

    /// <summary>Largest length of a tensor's name.</summary>
    public int MaxNameLength { get; init; } = 512;
}
