using System.Text.Json;
using System.Text.Json.Nodes;
using Reparam.Serialization;

namespace Reparam.Cli.Runs;

/// <summary>
/// A run's <c>evaluation.json</c>: the numbers of its last whole evaluation, which is one of all its test data. The
/// numbers of a partial evaluation (interrupted, of fewer data or of other data) never replace them. They are in
/// <c>evaluation.partial.json</c> beside it until a whole evaluation is written.
/// </summary>
internal static class EvaluationFile
{
    public const string Name = "evaluation.json";
    public const string PartialName = "evaluation.partial.json";

    /// <summary>Whether an evaluation is partial, as its file says it.</summary>
    public const string PartialKey = "partial";

    /// <summary>Writes the numbers, whole or not at all.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="values">The numbers; <see cref="PartialKey"/> is among them.</param>
    /// <param name="isPartial">
    /// Whether the evaluation was interrupted, or is of other data than all of the test part.
    /// </param>
    /// <returns>The name of the file that was written.</returns>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static string Write(string folder, JsonObject values, bool isPartial)
    {
        string name = isPartial && HoldsWhole(Path.Combine(folder, Name)) ? PartialName : Name;
        string text = values.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
        AtomicFile.WriteAllText(Path.Combine(folder, name), text + "\n");
        if (!isPartial) File.Delete(Path.Combine(folder, PartialName));
        return name;
    }

    /// <summary>Whether a file holds the numbers of a whole evaluation; one that is damaged does not.</summary>
    private static bool HoldsWhole(string path)
    {
        if (!File.Exists(path)) return false;
        try
        {
            return JsonNode.Parse(File.ReadAllText(path)) is JsonObject old
                && old[PartialKey] is JsonValue value
                && value.TryGetValue(out bool partial)
                && !partial;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
