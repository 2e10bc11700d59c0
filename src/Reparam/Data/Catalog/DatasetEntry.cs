namespace Reparam.Data;

/// <summary>A data set that is known by name.</summary>
/// <param name="Name">The name by which the data set is loaded, and the name of its folder.</param>
/// <param name="Description">A description of the data set in one line.</param>
/// <param name="Licence">The known facts about its licence.</param>
/// <param name="Files">The files of the data set; none for a built-in data set.</param>
public sealed record DatasetEntry(string Name, string Description, string Licence, IReadOnlyList<DatasetFile> Files);
