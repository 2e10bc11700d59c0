namespace Reparam.Serialization;

/// <summary>
/// The limits of a reader of model files. They are lower than the limits of the format, because a model file may come
/// from an untrusted source. A caller can raise a limit explicitly.
/// </summary>
public sealed record ReadLimits
{
    /// <summary>The limits that apply if no limits are given.</summary>
    public static ReadLimits Default { get; } = new();

    /// <summary>The largest size of a file in bytes.</summary>
    public long MaxFileBytes { get; init; } = 16L << 30;

    /// <summary>The largest size of a header in bytes. The format itself allows 100,000,000.</summary>
    public int MaxHeaderBytes { get; init; } = 16 << 20;

    /// <summary>The largest number of tensors.</summary>
    public int MaxTensors { get; init; } = 100_000;

    /// <summary>The largest length of the name of a tensor.</summary>
    public int MaxNameLength { get; init; } = 512;
}
