using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reparam.Cli.Diagnostics;
using Reparam.Cli.Display;
using Reparam.Cli.Runs;
using Reparam.Data;
using Reparam.Evaluation;
using Reparam.Models;
using Reparam.Runs;

namespace Reparam.Cli.Commands;

/// <summary><c>reparam diagnose</c>: finds the problems of a run, and suggests commands to try.</summary>
internal static class DiagnoseCommand
{
    private const int MostData = 2000;

    public static Command Create()
    {
        var command = new Command("diagnose",
            "Find problems of a run (collapse, a wrong scale, overfitting, ...) and suggest commands to try.");
        RunOptions.AddTo(command, RunOptions.OfData);
        command.SetHandler(Run);
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        Run folder = RunOptions.Open(parsed);
        var result = new Result(parsed);
        result.Add("run", folder.Path, "run", Terminal.Relative(folder.Path));
        var evidence = new Evidence(folder.Config, folder.Path)
        {
            Catalog = parsed.Catalog(), History = folder.ReadMetrics(), Divergence = Divergence(folder),
        };
        result.Add("epochs", evidence.History.Epochs, "epochs",
            FormattableString.Invariant($"{evidence.History.Epochs} of {folder.Config.Training.Epochs}"));
        // A run that diverged in its first epoch has no checkpoint to evaluate, but its divergence is reported.
        if (evidence.Divergence is null || folder.Checkpoints.OpenLatest() is not null)
            evidence = Evaluate(parsed, TrainedRun.Open(parsed, folder), evidence, result, cancellation);
        Report(result, Diagnosis.Of(evidence));
        return result.Print();
    }

    private static Evidence Evaluate(
        ParseResult parsed, TrainedRun run, Evidence evidence, Result result, CancellationToken cancellation)
    {
        Dataset all = run.Data(parsed);
        int count = Math.Min(MostData, all.Count);
        // Spread evenly over the data, because the data may be sorted by class.
        Dataset data = count == all.Count ? all
            : all.Subset([.. Enumerable.Range(0, count).Select(i => (int)((long)i * all.Count / count))]);
        using var interruption = new Interruption(cancellation);
        BoundReport bound = EvidenceLowerBound.Evaluate(
            run.Model, data, run.Rng.Split("evaluate"), cancellation: interruption.Token);
        AggregatePosterior? split = EvidenceLowerBound.Split(
            run.Model, data, run.Rng.Split("evaluate"), interruption.Token);
        result.Add("data", run.DataName(parsed), "data",
            FormattableString.Invariant($"{run.DataName(parsed)}, {count:N0} of {all.Count:N0} data points"));
        result.Add("count", count);
        if (run.Model.BoundsLikelihood) result.Add("elbo", bound.Elbo, "ELBO", "nats per datum");
        run.AddUnit(result);
        result.Add("reconstruction", bound.Reconstruction, "reconstruction", "nats per datum");
        if (run.Model.BoundsLikelihood) result.Add("kl", bound.KL, "KL", "nats per datum");
        run.AddUnits(result, bound);
        KLSplit.AddTo(result, split);
        return evidence with
        {
            Scale = ScaleFit.Of(run, data),
            Bound = bound, Split = split, Units = run.Model.Units, CheckpointStep = run.Checkpoint.Step,
            IsGreyBernoulli = BoundStatement.IsGreyBernoulli(all, run.Likelihood, run.Binarization),
        };
    }

    private static void Report(Result result, IReadOnlyList<Finding> findings)
    {
        result.Add("findings", new JsonArray([.. findings.Select(f => new JsonObject
        {
            ["name"] = f.Name,
            ["severity"] = Word(f.Severity),
            ["text"] = f.Text,
            ["numbers"] = new JsonObject(f.Numbers.Select(n => KeyValuePair.Create(n.Key, Result.Number(n.Value)))),
            ["remedies"] = new JsonArray(
                [.. f.Remedies.Select(r => new JsonObject { ["why"] = r.Why, ["command"] = r.Command })]),
        })]));
        if (findings.Count == 0) result.Line("findings", "none: no problem was found in this run");
        foreach (Finding finding in findings)
        {
            result.Line("", "");
            Paint paint = finding.Severity switch { Severity.Severe => Paint.Severe, Severity.Warning => Paint.Warning,
                _ => Paint.None };
            result.Line(Word(finding.Severity), $"{finding.Name}: {finding.Text}", paint);
            foreach (Remedy remedy in finding.Remedies)
            {
                result.Line("  try", $"{remedy.Why}:");
                result.Command("", remedy.Command);
            }
        }
    }

    private static string Word(Severity severity) =>
        severity switch { Severity.Severe => "severe", Severity.Warning => "warning", _ => "note" };

    private static (long Step, int Epoch, string Origin, (double Minimum, double Maximum)? Data)? Divergence(
        Run folder)
    {
        string path = Path.Combine(folder.Path, "nan-report.json");
        if (!File.Exists(path)) return null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
            JsonElement report = document.RootElement;
            bool ranged = report.TryGetProperty("data_minimum", out JsonElement low) & report.TryGetProperty(
                "data_maximum", out JsonElement high) && low.ValueKind == JsonValueKind.Number
                && high.ValueKind == JsonValueKind.Number;
            return (report.GetProperty("step").GetInt64(), report.GetProperty("epoch").GetInt32(), report.GetProperty(
                "origin").GetString() ?? "a number", ranged ? (low.GetDouble(), high.GetDouble()) : null);
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException)
        {
            return null; // the report is optional
        }
    }
}
