using System.Text.Json.Nodes;

namespace Reparam.Configuration;

/// <summary>A place in a configuration that is being read. Error messages name it.</summary>
/// <param name="Path">The dotted path.</param>
/// <param name="Source">The source of the configuration, such as the name of a file.</param>
/// <param name="Catalog">The known kinds.</param>
/// <param name="IsSaved">Whether the source is the saved configuration of a run.</param>
internal readonly record struct Place(string Path, string Source, Catalog Catalog, bool IsSaved = false)
{
    public Place Inside(string name) => this with { Path = Setting.Join(Path, name) };

    /// <summary>The error for a value of the wrong type.</summary>
    public InvalidConfigException Misfit(string wanted, JsonNode? given)
    {
        if (given is null) return new InvalidConfigException($"{Source}: '{Path}' has no value.");
        string? pointed = wanted.StartsWith("a number", StringComparison.Ordinal) && given is JsonValue value
            && value.TryGetValue(out string? text)
            ? NumberText.WithPoint(text)
            : null;
        string point = pointed is null ? "" : $"; numbers are written with a point and without quotes: {pointed}";
        return new InvalidConfigException($"{Source}: '{Path}' takes {wanted}, not {given.ToJsonString()}{point}.");
    }
}
