using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Reparam.Cli.Display;
using Reparam.Cli.Runs;
using Reparam.Data;
using Reparam.Runs;
using Reparam.Serialization;

namespace Reparam.Cli.Commands;

/// <summary><c>reparam inspect</c>: shows the contents of a run folder or of a model file, or how a picture or table
/// was made.</summary>
internal static class InspectCommand
{
    private static readonly Argument<string> Target = new("RUN|FILE")
    {
        Description = "A run's folder ('latest' means the newest run below runs/), a .safetensors file, or a picture " +
            "or table.",
    };

    public static Command Create()
    {
        var command = new Command("inspect",
            "Show the configuration, parameters, checkpoints and metrics of a run, the tensors of a model file, or " +
                "whether a model made a picture or table.");
        command.Arguments.Add(Target);
        SharedOptions.AddTo(command, SharedOptions.Json);
        command.SetHandler(Run);
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string target = parsed.GetValue(Target)!;
        var result = new Result(parsed);
        if (target == LatestRun.Word || !File.Exists(target)) AddRun(result, LatestRun.Open(target, parsed.Catalog()));
        else if (IsModel(target)) AddFile(result, target, SafetensorsFile.Read(target));
        else AddMark(result, target);
        return result.Print();
    }

    /// <summary>Whether a file holds weights, by its name or its content: the length of a header in 8 bytes, then the
    /// header, a JSON object.</summary>
    private static bool IsModel(string path)
    {
        if (path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase)) return true;
        byte[] head = new byte[9];
        using FileStream file = File.OpenRead(path);
        return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head[8] == '{'
            && head.AsSpan(0, 8).Contains((byte)0);
    }

    private static void AddMark(Result result, string path)
    {
        Provenance? mark = ProvenanceFile.Read(path);
        result.Add("file", Path.GetFullPath(path), "file", path);
        result.Add("generated", mark is null ? null : mark.IsGenerated, "made by", mark switch
        {
            null => ProvenanceFile.IsPng(path)
                ? "not known: the picture carries no mark that says how it was made"
                : $"not known: the file carries no mark, because '{ProvenanceFile.PathOf(path)}' does not exist or " +
                    "does not say how it was made",
            { IsGenerated: true } => "a trained model",
            _ => mark.DigitalSourceType,
        });
        if (mark is null) return;
        // The terms of the vocabulary have one address, which would not fit in a line.
        result.Add("digital_source_type", mark.DigitalSourceType, "source type",
            $"{mark.DigitalSourceType.Split('/')[^1]} (IPTC)");
        foreach ((string key, string label, string? text) in (ReadOnlySpan<(string, string, string?)>)
        [
            ("software", "software", mark.Software), ("command", "command", mark.Command),
            ("model_sha256", "model sha256", mark.Run), ("data", "trained on", mark.Data),
            ("license", "licence", mark.License),
        ])
        {
            if (text is null) result.Add(key, null);
            else result.Add(key, text, label, text);
        }

        if (mark.Seed is { } seed) result.Add("seed", seed, "seed", seed.ToString(CultureInfo.InvariantCulture));
        bool isUnchanged = ProvenanceFile.IsUnchanged(path, mark);
        result.Add("changed", !isUnchanged);
        if (!isUnchanged) result.Line("changed", "the file is not the one that was marked: it was changed since");
    }

    private static void AddRun(Result result, Run run)
    {
        RunSettings config = run.Config;
        result.Add("run", run.Path, "run", Terminal.Relative(run.Path));
        result.Add("config", config.ToJson(named: false));
        string standardised = config.Data.Standardize is StandardizeBy.Columns or StandardizeBy.Channels
            ? $", standardised by {config.Data.TextOf("standardize")}" : "";
        result.Line("data", string.Create(CultureInfo.InvariantCulture,
            $"{config.Data.Name}, binarization {config.Data.TextOf("binarization")}, shape " +
            $"[{string.Join(", ", config.Model.EventShape)}]{standardised}"));
        result.Line("model", $"{config.Model.Description}, {config.Model.Likelihood.Word} likelihood");
        result.Line("objective", config.Objective.Summary);
        result.Line("optimizer", string.Create(CultureInfo.InvariantCulture, $"{config.Optimizer.Kind.Name}, " +
            $"learning rate {config.Optimizer.LearningRate}, batch {config.Training.Batch}, {config.Training.Epochs} " +
            $"epochs, seed {config.Training.Seed}"));
        AddCheckpoints(result, run);
        if (run.ReadMetrics() is { Epochs: > 0 } metrics)
        {
            result.Add("metrics", new JsonObject([.. metrics.Last.Select(v => KeyValuePair.Create(v.Key,
                Result.Number(v.Value))), KeyValuePair.Create("epoch", (JsonNode?)metrics.Epochs)]));
            foreach ((string name, double value) in metrics.Last.Where(
                v => !v.Key.Contains("kl/", StringComparison.Ordinal)))
                result.Line("", FormattableString.Invariant($"epoch {metrics.Epochs}  {name} {value:F2}"));
        }
        else
        {
            result.Add("metrics", null, "metrics", "no epoch is finished yet");
        }
    }

    private static void AddCheckpoints(Result result, Run run)
    {
        try
        {
            if (run.Checkpoints.OpenLatest() is not { } latest)
            {
                result.Add("checkpoint_step", null, "checkpoint", "none yet");
                return;
            }

            foreach (string warning in latest.Warnings) Message.Warn(warning);
            result.Add("checkpoint_step", latest.Step, "checkpoint",
                FormattableString.Invariant($"latest: step {latest.Step}"));
            string best = Path.Combine(run.Path, "checkpoints", "best");
            if (File.Exists(best) && run.Checkpoints.OpenBest() is { } marked)
                result.Add("best_step", marked.Step, "", FormattableString.Invariant($"best: step {marked.Step}"));
            AddTensors(result, SafetensorsFile.Read(TrainingCheckpoint.UsedFile(latest)));
        }
        catch (InvalidModelException failure)
        {
            // This command is most useful when something is wrong, so it shows the rest of the run anyway.
            Message.Warn(failure.Message);
            result.Add("checkpoint_step", null, "checkpoint", "damaged");
        }
    }

    private static void AddFile(Result result, string path, SafetensorsFile file)
    {
        result.Add("file", Path.GetFullPath(path), "file", path);
        foreach ((string key, string value) in file.Metadata) result.Line("metadata", $"{key} = {value}");
        result.Add(
            "metadata", new JsonObject([.. file.Metadata.Select(m => KeyValuePair.Create(m.Key, (JsonNode?)m.Value))]));
        AddTensors(result, file);
    }

    private static void AddTensors(Result result, SafetensorsFile file)
    {
        var table = new ResultTable("tensor", "type", "shape", "count");
        var array = new JsonArray();
        long total = 0;
        foreach (SafetensorsEntry entry in file.Entries)
        {
            table.Add(entry.Name, entry.Type.ToString(), entry.Shape.ToString(),
                FormattableString.Invariant($"{entry.Shape.Size:N0}"));
            array.Add((JsonNode)new JsonObject { ["name"] = entry.Name, ["type"] = entry.Type.ToString(), ["shape"] =
                new JsonArray([.. entry.Shape.Select(e => JsonValue.Create(e))]), ["count"] = entry.Shape.Size });
            total += entry.Shape.Size;
        }

        result.Add("parameters", total, "parameters", FormattableString.Invariant($"{total:N0}"));
        result.Add("tensors", array);
        result.Table(table);
    }
}
