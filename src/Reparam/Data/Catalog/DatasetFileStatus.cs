namespace Reparam.Data;

/// <summary>The result of the check of one file of a data set.</summary>
/// <param name="File">The file.</param>
/// <param name="Path">The path of the file, or the path where it should be put.</param>
/// <param name="State">The state of the file.</param>
/// <param name="Problem">What is wrong with the file; null if it is valid.</param>
public sealed record DatasetFileStatus(DatasetFile File, string Path, DatasetFileState State, string? Problem);
