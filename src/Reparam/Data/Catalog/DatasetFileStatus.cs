namespace Reparam.Data;

/// <summary>What became of one file of a data set when it was looked at.</summary>
/// <param name="File">The file.</param>
/// <param name="Path">Where it is, or where it should be put.</param>
/// <param name="State">Whether it is there and right.</param>
/// <param name="Problem">What is wrong with it; null where nothing is.</param>
public sealed record DatasetFileStatus(DatasetFile File, string Path, DatasetFileState State, string? Problem);
