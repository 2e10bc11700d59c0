using System.Globalization;
using System.Text.Json.Nodes;
using Reparam.Serialization;
using Reparam.Training;

namespace Reparam.Runs;

/// <summary>Writes the facts about a divergence to <c>nan-report.json</c>.</summary>
internal static class DivergenceReport
{
    public const string File = "nan-report.json";

    public static void Write(string path, TrainingDivergedException failure) =>
        AtomicFile.WriteAllText(path, RunSettingsJson.Text(new JsonObject
        {
            ["step"] = failure.Step,
            ["epoch"] = failure.Epoch,
            ["origin"] = failure.Origin,
            ["indices"] = new JsonArray([.. failure.Indices.Select(i => JsonValue.Create(i))]),
            ["loss"] = Number(failure.Loss),
            ["gradient_norm"] = Number(failure.GradientNorm),
            ["data_minimum"] = failure.DataRange is { } low ? Number(low.Minimum) : null,
            ["data_maximum"] = failure.DataRange is { } high ? Number(high.Maximum) : null,
        }));

    // JSON has no NaN and no infinity, so they are written as text.
    private static JsonValue Number(double value) => double.IsFinite(value)
        ? JsonValue.Create(value)
        : JsonValue.Create(value.ToString(CultureInfo.InvariantCulture));
}
