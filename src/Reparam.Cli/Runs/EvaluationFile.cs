using System.Text.Json;
using System.Text.Json.Nodes;
using Reparam.Serialization;

namespace Reparam.Cli.Runs;

/// <summary>
/// The file <c>evaluation.json</c> of a run: the numbers of a complete evaluation, which uses all test data. The
/// numbers of a partial evaluation (interrupted, of fewer data or of other data) go to <c>evaluation.partial.json</c>.
/// So do the numbers of a complete evaluation if <c>evaluation.json</c> already has an NLL of the same checkpoint with
/// more draws.
/// </summary>
internal static class EvaluationFile
{
    public const string Name = "evaluation.json";
    public const string PartialName = "evaluation.partial.json";

    /// <summary>The key that says whether an evaluation is partial.</summary>
    public const string PartialKey = "partial";

    /// <summary>The key of the step of the checkpoint that was evaluated.</summary>
    public const string StepKey = "checkpoint_step";

    /// <summary>The key of the negative log-likelihood.</summary>
    public const string NllKey = "nll";

    /// <summary>Writes the numbers. The file is written completely or not at all.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="values">The numbers; <see cref="PartialKey"/> is among them.</param>
    /// <param name="isPartial">
    /// Whether the evaluation was interrupted, or is of other data than all of the test part.
    /// </param>
    /// <returns>The name of the file that was written.</returns>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static string Write(string folder, JsonObject values, bool isPartial)
    {
        string text = values.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
        string name = isPartial || HoldsMore(Path.Combine(folder, Name), text) ? PartialName : Name;
        AtomicFile.WriteAllText(Path.Combine(folder, name), text + "\n");
        if (name == Name) File.Delete(Path.Combine(folder, PartialName));
        return name;
    }

    /// <summary>
    /// Whether the file at the path holds results of the same checkpoint as the text, with more draws of the NLL than
    /// the text; false for a damaged file.
    /// </summary>
    private static bool HoldsMore(string path, string text)
    {
        if (!File.Exists(path)) return false;
        try
        {
            return JsonNode.Parse(File.ReadAllText(path)) is JsonObject old
                && JsonNode.Parse(text) is JsonObject values
                && JsonNode.DeepEquals(old[StepKey], values[StepKey])
                && Draws(old) > Draws(values);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The total number of draws of the NLL over all data; 0 without an NLL.</summary>
    private static double Draws(JsonObject values) =>
        values[NllKey] is JsonObject nll && nll["count"] is JsonValue count && nll["samples"] is JsonValue samples
            && count.TryGetValue(out double data) && samples.TryGetValue(out double each)
            ? data * each
            : 0;
}
