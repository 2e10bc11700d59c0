using System.CommandLine;
using System.Text.Json.Nodes;
using Reparam.Cli.Commands;
using Reparam.Cli.Diagnostics;
using Reparam.Data;
using Reparam.Models;
using Reparam.Serialization;
using Reparam.Tensors;
using Reparam.Training;
using Reparam.Runs;

namespace Reparam.Cli.Display;

/// <summary>
/// What the user sees during a training. Progress goes to standard error: a progress line on a terminal, plain lines
/// elsewhere. Results go to standard output.
/// </summary>
internal sealed class TrainingDisplay : TrainingCallback, IDisposable
{
    private readonly ParseResult _parsed;
    private readonly bool _quiet, _json;
    private readonly RunTraining _training;
    private readonly RunSettings _settings;
    private readonly ProgressLine _progress;

    public TrainingDisplay(ParseResult parsed, RunTraining training)
    {
        _parsed = parsed;
        _quiet = parsed.GetValue(SharedOptions.Quiet);
        _json = parsed.GetValue(SharedOptions.Json);
        _training = training;
        _settings = training.Run.Config;
        _progress = new ProgressLine(_quiet, TimeSpan.FromSeconds(30));
    }

    private Run Run => _training.Run;

    private LatentVariableModel Model => _training.Model;

    private BoundStatement Bound => _training.Bound;

    public void Started()
    {
        DataSplits splits = _training.Data;
        if (BoundStatement.IsGreyBernoulli(splits.Train, _settings.Model.Likelihood.Make(),
            _settings.Data.Binarization ?? Binarization.None))
        {
            Message.Note("grey levels are scored by a Bernoulli. That is a cross-entropy, not a likelihood: compare " +
                "these numbers only with numbers of the same kind. For nats that mean log p(x), use --binarization " +
                "or another --likelihood.");
        }

        if (_quiet) return;
        Log(Invariant(
            $"data {splits.Train.Name}: {splits.Train.Count:N0} training, {splits.Validation?.Count ?? 0:N0} " +
            $"validation, {splits.Test.Count:N0} test; shape {splits.Train.EventShape}"));
        Log(Invariant($"model {_settings.Model.Description}: {Model.ParameterCount:N0} parameters; " +
            $"{_settings.Model.Likelihood.Word} likelihood"));
        Log($"objective {_training.Objective.Name}: {Bound.Text}");
        Log(Invariant($"run {Terminal.Relative(Run.Path)}; seed {_settings.Training.Seed}, {Execution.Threads} " +
            $"threads, {Execution.VectorBits}-bit vectors"));
        TrainingState state = _training.State;
        if (state.Epoch >= _settings.Training.Epochs || state.StoppedEarly)
        {
            Log(Invariant($"the run is already finished: {state.Epoch} " +
                $"epochs{(state.StoppedEarly ? ", stopped early" : "; train longer with --epochs")}"));
        }
        else if (state.Step > 0) Log(Invariant($"resumed at step {state.Step}, epoch {state.Epoch + 1}"));
    }

    public override void OnStep(TrainingState state, StepReport report)
    {
        double total = (double)_settings.Training.Epochs * report.Batches;
        _progress.Show(report.Step / total, () =>
        {
            double left = (total - report.Step) * _settings.Training.Batch / report.ImagesPerSecond;
            return Invariant(
                $"epoch {report.Epoch}/{_settings.Training.Epochs}  loss {report.Loss:F2}  " +
                    $"{report.ImagesPerSecond:N0} " +
                $"data/s  {ProgressLine.Left(TimeSpan.FromSeconds(Math.Min(left, 1e9)))} left");
        });
    }

    public override void OnEpoch(TrainingState state, EpochReport report)
    {
        if (_quiet) return;
        _progress.Clear();
        var line = new EpochLine(report, _settings.Training.Epochs, Bound.Name, Model.Units);
        int width = Terminal.Width(Console.IsErrorRedirected);
        Log(line.Text(width));
        if (report.Epoch > 1 || _parsed.GetValue<string>("--resume") is not null) return;
        foreach (string meaning in line.Explanation(width)) Log(meaning);
    }

    public int Interrupted(TrainingReport report)
    {
        _progress.Clear();
        Log(Invariant($"interrupted at step {report.State.Step}; saved. Continue with: {ReparamProgram.Name} train " +
            $"--resume {Terminal.Quoted(Run.Path)}"));
        if (_json)
        {
            Console.Out.WriteLine(new JsonObject
            {
                ["run"] = Run.Path, ["interrupted"] = true, ["objective"] = _training.Objective.Name,
                ["bounds"] = Bound.Text, ["steps"] = report.State.Step,
            }.ToJsonString());
        }

        return ExitCode.Interrupted;
    }

    public int Diverged(string message)
    {
        _progress.Clear();
        Message.Error(message);
        Message.Error($"the details are in {Terminal.Relative(Run.DivergenceReportPath)}");
        if (_json)
        {
            var report = JsonNode.Parse(File.ReadAllText(Run.DivergenceReportPath));
            Console.Out.WriteLine(
                new JsonObject { ["run"] = Run.Path, ["diverged"] = true, ["report"] = report }.ToJsonString());
        }

        return ExitCode.Diverged;
    }

    public int Finished(TrainingReport report)
    {
        _progress.Clear();
        if (report.State.StoppedEarly) Log(Invariant($"stopped early: epoch {report.State.BestEpoch} was the best."));
        var result = new Result(_parsed);
        result.Add("run", Run.Path, "run", Terminal.Relative(Run.Path));
        result.Add("objective", _training.Objective.Name);
        result.Add("bounds", Bound.Text);
        result.Add("epochs", report.State.Epoch);
        result.Add("steps", report.State.Step);
        // The metrics are read from the file, so that a run that was already finished has results too.
        RunMetrics last = Run.ReadMetrics();
        Means(result, last, "train");
        Means(result, last, "validation");
        if ((last["validation/active_units"] ?? last["train/active_units"]) is { } active)
            result.Add("active_units", (int)active, "active units", Invariant($"{active} of {Model.Units}"));
        AddCollapse(result, last);
        double speed = report.ImagesPerSecond;
        result.Add("images_per_second", Math.Round(speed, 1));
        if (speed > 0) result.Line("speed", Invariant($"{speed:N0} data/s"));
        string hash = WeightsFile.Sha256(Model.State);
        result.Add("weights_sha256", hash, "weights sha256", hash);
        string samples = Path.Combine(Run.Path, "samples", "samples.png");
        if (File.Exists(samples)) result.Add("samples", samples, "samples", Terminal.Relative(samples));
        result.Command(
            "next", $"{ReparamProgram.Name} evaluate {Terminal.Quoted(Run.Path)}" +
            (Model is VqVae ? " --samples 0" : ""));
        return result.Print();
    }

    public void Dispose() => _progress.Clear();

    /// <summary>Reports a collapse of the latents, because the other results do not show it.</summary>
    private void AddCollapse(Result result, RunMetrics last)
    {
        string part = last["validation/kl"] is null ? "train" : "validation";
        if (!Diagnosis.PaysFor(_settings) || last[part + "/kl"] is not { } kl
            || last[part + "/active_units"] is not { } active)
            return;
        bool collapsed = active == 0 || kl < Diagnosis.CollapsedKL;
        result.Add("collapsed", collapsed);
        if (collapsed)
        {
            result.Line("collapsed", Invariant(
                $"the latents tell almost nothing about the data: KL {kl:F2} nats, {active} of {Model.Units} units " +
                $"active. Find the causes with: {ReparamProgram.Name} diagnose {Terminal.Quoted(Run.Path)}"));
        }
    }

    private void Means(Result result, RunMetrics last, string split)
    {
        if (last[split + "/elbo"] is not { } elbo || last[split + "/reconstruction"] is not { } reconstruction
            || last[split + "/kl"] is not { } kl)
        {
            result.Add(split, null);
            return;
        }

        var node = new JsonObject
        {
            ["loss"] = last[split + "/loss"] is { } loss ? Result.Number(loss) : null,
            ["elbo"] = Result.Number(elbo),
            ["reconstruction"] = Result.Number(reconstruction),
            ["kl"] = Result.Number(kl),
        };
        result.Add(split, node, split,
            Invariant($"{Bound.Name} {elbo:F2}  reconstruction {reconstruction:F2}  KL {kl:F2}  nats per datum"));
    }

    private static void Log(string line) => Message.Line(line);

    private static string Invariant(InvariantText text) => text.Take();
}
