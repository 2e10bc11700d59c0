using System.Text.Json;
using System.Text.Json.Nodes;
using Reparam.Cli.Display;
using Reparam.Data;
using Reparam.Models;
using Reparam.Serialization;
using Reparam.Training;
using Reparam.Runs;

namespace Reparam.Cli.Runs;

/// <summary>Leaves what is known about a divergence in the run's folder, as <c>nan-report.json</c>.</summary>
internal static class DivergenceReport
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static JsonObject Of(TrainingDivergedException failure) => new()
    {
        ["step"] = failure.Step,
        ["epoch"] = failure.Epoch,
        ["origin"] = failure.Origin,
        ["indices"] = new JsonArray([.. failure.Indices.Select(i => JsonValue.Create(i))]),
        ["loss"] = Number(failure.Loss),
        ["gradient_norm"] = Number(failure.GradientNorm),
        ["data_minimum"] = failure.DataRange is { } low ? Number(low.Minimum) : null,
        ["data_maximum"] = failure.DataRange is { } high ? Number(high.Maximum) : null,
    };

    /// <summary>What is known where no step noticed it: which parameters are no longer finite.</summary>
    public static JsonObject Of(TrainingState state, LatentVariableModel model, Dataset train) => new()
    {
        ["step"] = state.Step,
        ["epoch"] = state.Epoch,
        ["origin"] = "the update of " +
            $"{string.Join(", ", model.State.Where(p => !p.Value.IsFinite()).Select(p => p.Name))}",
        ["indices"] = new JsonArray(),
        ["loss"] = null,
        ["gradient_norm"] = null,
        ["data_minimum"] = Number(train.Range().Minimum),
        ["data_maximum"] = Number(train.Range().Maximum),
    };

    public static string Write(RunFolder run, JsonObject report)
    {
        string path = Path.Combine(run.Path, "nan-report.json");
        AtomicFile.WriteAllText(path, report.ToJsonString(Indented) + "\n");
        return path;
    }

    // JSON has no NaN or infinity, and here they are the news.
    private static JsonNode Number(double value) => Result.Number(value)
        ?? JsonValue.Create(value.ToString(System.Globalization.CultureInfo.InvariantCulture))!;
}
