using Reparam.Configuration;
using Reparam.Data;
using Reparam.Runs;
using Reparam.Serialization;
using Reparam.Tensors;
using Reparam.Testing;
using Reparam.Training;

namespace Reparam.Tests.Runs;

/// <summary>What a run folder gives from C#: its data as its model takes them, and the numbers of its epochs.</summary>
public sealed class RunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Parts_of_the_data_are_binarised_with_draws_of_their_own()
    {
        RunSettings settings = Configured.With("data.binarization=static", "data.limit=300", "data.validation=50",
            "model.event_shape=28,28", "training.seed=7");
        DataSplits splits = RunData.Load(settings);
        Run.Create(_folder.File("run"), settings);
        var run = Run.Open(_folder.File("run"));
        Assert.Equal(
            (250, 50, 2000), (run.Data(Part.Train).Count, run.Data(Part.Validation).Count, run.Data(Part.Test).Count));
        Dataset expected = splits.Test.Binarize(Binarization.Static, new Rng(7).Split("binarize-test"));
        Assert.Equal(expected.Sha256, run.Data(Part.Test).Sha256);
        Assert.Equal(splits.Test.Sha256, run.ReadData(Part.Test).Sha256);
        Assert.Equal(DataKind.Binary, run.Data(Part.Train).Kind);
    }

    [Fact]
    public void Data_of_a_run_that_was_trained_here_are_those_in_memory()
    {
        string path = _folder.File("rows.npy");
        NpyFile.Write(path, NumericArray.FromFloat32(
            [200, 6], [.. Enumerable.Range(0, 1200).Select(i => (float)Math.Sin(i * 0.7))]));
        Run run = Run.Create(_folder.File("run"), Configured.With($"data.name={path}", "training.epochs=1"));
        run.Train();
        string expected = Run.Open(_folder.File("run")).Data(Part.Test).Sha256;
        File.Delete(path);
        Assert.Equal(expected, run.Data(Part.Test).Sha256);
    }

    [Fact]
    public void Other_data_are_warned_of_and_data_of_another_shape_are_refused()
    {
        RunSettings settings = Configured.With("data.limit=300", "data.validation=0");
        DataSplits splits = RunData.Load(settings);
        Run.Create(_folder.File("run"), settings, splits with { Train = splits.Train[..200] });
        var run = Run.Open(_folder.File("run"));
        List<string> warnings = [];
        run.Data(Part.Test, warnings: warnings.Add);
        Assert.Contains("have changed since the run was trained", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Contains("The run has no validation data",
            Assert.Throws<InvalidConfigException>(() => run.Data(Part.Validation)).Message, StringComparison.Ordinal);
        Assert.Contains("are not the data that the run",
            Assert.Throws<InvalidDataFileException>(() => run.Train()).Message, StringComparison.Ordinal);
        string config = _folder.File("run/config.json");
        File.WriteAllText(config, RunSettingsJson.Write(run.Config.With("model.event_shape=14,14")));
        Assert.Contains("put the old data back",
            Assert.Throws<InvalidDataFileException>(() => Run.Open(_folder.File("run")).Data(Part.Test)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Stopped_run_goes_on_to_the_bits_of_one_that_was_not_stopped()
    {
        TrainingReport whole = Run.Create(_folder.File("whole"), Small(epochs: 3)).Train();
        using var stop = new CancellationTokenSource();
        Run first = Run.Create(_folder.File("run"), Small(epochs: 3));
        Assert.True(first.Train([new StopAt(stop, step: 5)], stop.Token).Interrupted);
        var opened = Run.Open(_folder.File("run"));
        TrainingReport rest = opened.Train();
        Assert.Equal((6, 3), (whole.State.Step, rest.State.Epoch));
        Assert.Equal(
            WeightsFile.Sha256(whole.State.Model.State), WeightsFile.Sha256(opened.LoadModel().State));
        Assert.Equal(3, opened.ReadMetrics().Epochs);
        // A finished run trains no epoch more, and goes on where it is asked to.
        Assert.Empty(opened.Train().Epochs);
        Assert.Equal(4, opened.With(opened.Config.With("training.epochs=4")).Train().State.Epoch);
        Assert.Equal(4, Run.Open(_folder.File("run")).Config.Training.Epochs);
    }

    [Fact]
    public void Resumed_run_keeps_its_settings_and_says_which_differ()
    {
        Run.Create(_folder.File("run"), Small(epochs: 1)).Train();
        var run = Run.Open(_folder.File("run"));
        string before = File.ReadAllText(_folder.File("run/config.json"));
        Assert.Equal("A resumed run keeps model.latent 2, not 3, objective \"elbo\", not \"iwae\". Only epochs, " +
            "patience, the checkpoint settings and the model card may change; start a new run in another folder " +
                "(--out) to change others.",
            Assert.Throws<InvalidConfigException>(
                () => run.With(run.Config.With("model.latent=3", "objective=iwae")).Train()).Message);
        Assert.Contains("is fewer; leave training.epochs out", Assert.Throws<InvalidConfigException>(
            () => run.With(run.Config.With("training.epochs=0")).Train()).Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(_folder.File("run/config.json")));
        // The lock was given back each time.
        using RunTraining training = run.Begin();
        Assert.Throws<IOException>(() => run.Begin());
    }

    [Fact]
    public void Refused_settings_leave_no_folder()
    {
        Assert.Throws<InvalidConfigException>(
            () => Run.Create(_folder.File("run"), Small(epochs: 1).With("training.patience=2")));
        Assert.False(Directory.Exists(_folder.File("run")));
    }

    [Fact]
    public void Data_in_memory_are_standardised_trained_on_and_evaluated()
    {
        Tensor x = new Rng(3).Normal([60, 4]) * 7 + 20;
        var rows = Dataset.FromValues("rows", [4], x.ToArray<float>());
        var data = new DataSplits(rows[..40], null, rows[40..]);
        Run run = Run.Create(_folder.File("run"), Small(epochs: 2), data);
        Assert.Equal(StandardizeBy.Columns, run.Config.Data.Standardize);
        run.Train();
        RunEvaluation found = run.Evaluate(samples: 20);
        Assert.Equal((20, 20), (found.Bound.Elbo.Count, found.Nll!.Value.Count));
        Assert.InRange(found.Nll.Value.Mean, -found.Bound.Elbo.Mean - 1, -found.Bound.Elbo.Mean + 0.1);
        Assert.True(File.Exists(_folder.File("run/standardization.json")));
        Assert.Equal(3, run.With(run.Config.With("training.epochs=3")).Train().State.Epoch);
    }

    [Fact]
    public void Divergence_is_thrown_and_reported_in_the_folder()
    {
        Run run = Run.Create(
            _folder.File("run"), Small(epochs: 5).With("optimizer=sgd", "optimizer.learning_rate=1e30"));
        Assert.Throws<TrainingDivergedException>(() => run.Train());
        Assert.Contains("\"origin\"", File.ReadAllText(run.DivergenceReportPath), StringComparison.Ordinal);
        Assert.Contains(
            "diverged in epoch 1", File.ReadAllText(_folder.File("run/README.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void Metrics_pass_over_torn_lines_and_know_the_last_epoch()
    {
        string path = _folder.File("metrics.jsonl");
        File.WriteAllText(path, """
            {"step":10,"epoch":1,"wall":"","split":"train","name":"elbo","value":-3.5}
            {"step":20,"epoch":2,"wall":"","split":"train","name":"elbo","value":-2.5}
            {"step":20,"epoch":2,"wall":"","split":"validation","name":"elbo","value":-2.75}
            {"step":30,"epoch":3,"wa
            """);
        RunMetrics metrics = RunMetrics.Read(path);
        Assert.Equal((2, 20, "validation"), (metrics.Epochs, metrics.Steps, metrics.Probe));
        Assert.Equal([(1, -3.5), (2, -2.5)], metrics.Of("train/elbo"));
        Assert.Equal(-2.75, metrics["validation/elbo"]);
        Assert.Null(metrics["validation/kl"]);
        Assert.Equal(0, RunMetrics.Read(_folder.File("none.jsonl")).Epochs);
    }

    /// <summary>A run of 2 steps an epoch.</summary>
    private static RunSettings Small(int epochs) => Configured.With("data.limit=200", "data.validation=0",
        "training.batch=100", $"training.epochs={epochs}", "model.latent=2", "model.network.hidden=8");

    private sealed class StopAt(CancellationTokenSource stop, long step) : TrainingCallback
    {
        public override void OnStep(TrainingState state, StepReport report)
        {
            if (report.Step == step) stop.Cancel();
        }
    }
}
