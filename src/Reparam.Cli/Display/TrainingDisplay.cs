using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Reparam.Cli.Commands;
using Reparam.Data;
using Reparam.Models;
using Reparam.Objectives;
using Reparam.Tensors;
using Reparam.Training;
using Reparam.Training.Runs;

namespace Reparam.Cli.Display;

/// <summary>
/// What a person sees of a training: a progress line on a terminal, plain lines elsewhere (standard error); results on standard output.
/// </summary>
internal sealed class TrainingDisplay : TrainingCallback, IDisposable
{
    private readonly bool _quiet, _json;
    private readonly RunConfig _config;
    private readonly DataSplits _splits;
    private readonly Objective _objective;
    private readonly Vae _model;
    private readonly ProgressLine _progress;
    private EpochReport? _last;

    public TrainingDisplay(ParseResult parsed, RunConfig config, DataSplits splits, Objective objective, Vae model)
    {
        _quiet = parsed.GetValue(SharedOptions.Quiet);
        _json = parsed.GetValue(SharedOptions.Json);
        _config = config;
        _splits = splits;
        _objective = objective;
        _model = model;
        _progress = new ProgressLine(_quiet);
    }

    public void Started(RunFolder run, TrainingState state, Likelihood likelihood, Binarization binarization)
    {
        if (DataChecks.IsGreyBernoulli(_splits.Train, likelihood, binarization))
        {
            Log("note: grey levels as Bernoulli targets are a cross-entropy, not a likelihood; such numbers compare only with others made the same way. Use --binarization or another --likelihood for nats that mean log p(x).");
        }

        if (_quiet) return;
        Log(Invariant($"data {_splits.Train.Name}: {_splits.Train.Count:N0} to train, {_splits.Validation?.Count ?? 0:N0} to validate, {_splits.Test.Count:N0} to test; shape {_splits.Train.EventShape}"));
        Log(Invariant($"model {_config.Model.Kind}, latent {_config.Model.Latent}, hidden {string.Join(",", _config.Model.Hidden)}: {_model.ParameterCount:N0} parameters; {_config.Model.Likelihood} likelihood"));
        Log($"objective {_objective.Name}: {(_objective.IsLowerBound(long.MaxValue) ? "a lower bound on log p(x)" : "a surrogate, not a lower bound on log p(x)")}");
        Log(Invariant($"run {Relative(run.Path)}; seed {_config.Training.Seed}, {Execution.Threads} threads, {Execution.VectorBits}-bit vectors"));
        if (state.Step > 0) Log(Invariant($"resumed at step {state.Step}, epoch {state.Epoch + 1}"));
    }

    public override void OnStep(TrainingState state, StepReport report) =>
        _progress.Show(() =>
        {
            double total = (double)_config.Training.Epochs * report.Batches;
            double left = (total - report.Step) * _config.Training.Batch / report.ImagesPerSecond;
            return Invariant($"epoch {report.Epoch}/{_config.Training.Epochs}  {100 * report.Step / total:F0}%  loss {report.Loss:F2}  {report.ImagesPerSecond:N0} images/s  {TimeSpan.FromSeconds(left):hh\\:mm\\:ss} left");
        });

    public override void OnEpoch(TrainingState state, EpochReport report)
    {
        _last = report;
        if (_quiet) return;
        _progress.Clear();
        string validation = report.Validation is { } v ? Invariant($"  validation ELBO {v.Bound:F2}{(report.IsBest ? " *" : "")}") : "";
        Log(Invariant($"epoch {report.Epoch,3}/{_config.Training.Epochs}  ELBO {report.Train.Bound:F2}  reconstruction {report.Train.Reconstruction:F2}  KL {report.Train.KL:F2}{validation}  active units {report.ActiveUnits}/{_config.Model.Latent}  {report.ImagesPerSecond:N0} images/s"));
    }

    public void Interrupted(RunFolder run, TrainingReport report)
    {
        _progress.Clear();
        Log(Invariant($"interrupted at step {report.State.Step}; saved. Go on with: reparam train --resume {Relative(run.Path)}"));
    }

    public void Finished(RunFolder run, TrainingReport report)
    {
        _progress.Clear();
        if (report.State.StoppedEarly) Log(Invariant($"stopped early: epoch {report.State.BestEpoch} was the best."));
        string hash = WeightsFile.Sha256(_model.Parameters);
        if (_json)
        {
            var result = new JsonObject
            {
                ["run"] = run.Path,
                ["epochs"] = report.State.Epoch,
                ["steps"] = report.State.Step,
                ["images_per_second"] = Math.Round(report.ImagesPerSecond, 1),
                ["train"] = Means(_last?.Train),
                ["validation"] = Means(_last?.Validation),
                ["active_units"] = _last?.ActiveUnits,
                ["weights_sha256"] = hash,
            };
            Console.Out.WriteLine(result.ToJsonString());
            return;
        }

        Console.Out.WriteLine(Invariant($"run       {Relative(run.Path)}"));
        if (_last is { } last)
        {
            Console.Out.WriteLine(Invariant($"train     ELBO {last.Train.Bound:F2}  reconstruction {last.Train.Reconstruction:F2}  KL {last.Train.KL:F2}  nats per datum"));
            if (last.Validation is { } v) Console.Out.WriteLine(Invariant($"validate  ELBO {v.Bound:F2}  reconstruction {v.Reconstruction:F2}  KL {v.KL:F2}  active units {last.ActiveUnits}/{_config.Model.Latent}"));
        }

        Console.Out.WriteLine(Invariant($"speed     {report.ImagesPerSecond:N0} images/s"));
        Console.Out.WriteLine($"weights   sha256 {hash}");
        string samples = Path.Combine(run.Path, "samples", "samples.png");
        if (File.Exists(samples)) Console.Out.WriteLine($"samples   {Relative(samples)}");
        Console.Out.WriteLine($"next      reparam evaluate {Relative(run.Path)}");
    }

    public void Dispose() => _progress.Clear();

    private static JsonObject? Means(BoundMeans? means) => means is null ? null : new JsonObject
    {
        ["loss"] = means.Loss,
        ["elbo"] = means.Bound,
        ["reconstruction"] = means.Reconstruction,
        ["kl"] = means.KL,
    };

    private static string Relative(string path) => Path.GetRelativePath(Environment.CurrentDirectory, path) is var relative && relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;

    private static void Log(string line) => Console.Error.WriteLine(line);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
