namespace Reparam.Data;

/// <summary>The progress of a download.</summary>
/// <param name="File">The file that is being downloaded.</param>
/// <param name="Received">The number of bytes received so far.</param>
/// <param name="Total">The total number of bytes; null if the server does not give it.</param>
public readonly record struct FetchProgress(DatasetFile File, long Received, long? Total);
