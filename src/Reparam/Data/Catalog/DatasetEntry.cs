namespace Reparam.Data;

/// <summary>A data set that is known by name.</summary>
/// <param name="Name">The name to load it by, and the name of its folder.</param>
/// <param name="Description">What it is, in one line.</param>
/// <param name="Licence">What is known about its licence.</param>
/// <param name="Files">Its files; none for a built-in set.</param>
public sealed record DatasetEntry(string Name, string Description, string Licence, IReadOnlyList<DatasetFile> Files);
