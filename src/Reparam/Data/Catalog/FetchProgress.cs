namespace Reparam.Data;

/// <summary>How far a download is.</summary>
/// <param name="File">The file that is being fetched.</param>
/// <param name="Received">Bytes received so far.</param>
/// <param name="Total">Bytes in all, where the server says so.</param>
public readonly record struct FetchProgress(DatasetFile File, long Received, long? Total);
