using System.Text.Json;
using Reparam.Runs;

namespace Reparam.Cli.Runs;

/// <summary>What a run noted about its surroundings in <c>environment.json</c>.</summary>
internal static class EnvironmentRecord
{
    /// <summary>The identity of the training data; null where it was not noted.</summary>
    public static string? DataSha256(RunFolder run)
    {
        string path = Path.Combine(run.Path, "environment.json");
        if (!File.Exists(path)) return null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
            string? hash = document.RootElement.GetProperty("data_sha256").GetString();
            return hash is { Length: 64 } ? hash : null;
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null; // only a note: a run can do without it
        }
    }
}
