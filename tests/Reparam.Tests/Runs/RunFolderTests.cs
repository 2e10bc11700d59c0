using Reparam.Configuration;
using Reparam.Data;
using Reparam.Runs;
using Reparam.Tensors;
using Reparam.Testing;

namespace Reparam.Tests.Runs;

/// <summary>What a run folder gives from C#: its data as its model takes them, and the numbers of its epochs.</summary>
public sealed class RunFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Parts_of_the_data_are_binarised_with_draws_of_their_own()
    {
        RunSettings settings = Configured.With("data.binarization=static", "data.limit=300", "data.validation=50",
            "model.event_shape=28,28", "training.seed=7");
        DataSplits splits = RunData.Load(settings);
        RunFolder.Create(_folder.File("run"), settings, splits.Train);
        RunFolder run = RunFolder.Open(_folder.File("run"));
        Assert.Equal(
            (250, 50, 2000), (run.Data(Part.Train).Count, run.Data(Part.Validation).Count, run.Data(Part.Test).Count));
        Dataset expected = splits.Test.Binarize(Binarization.Static, new Rng(7).Split("binarize-test"));
        Assert.Equal(expected.Sha256, run.Data(Part.Test).Sha256);
        Assert.Equal(splits.Test.Sha256, run.ReadData(Part.Test).Sha256);
        Assert.Equal(DataKind.Binary, run.Data(Part.Train).Kind);
    }

    [Fact]
    public void Other_data_are_warned_of_and_data_of_another_shape_are_refused()
    {
        RunSettings settings = Configured.With("data.limit=300", "data.validation=0", "model.event_shape=28,28");
        DataSplits splits = RunData.Load(settings);
        RunFolder run = RunFolder.Create(_folder.File("run"), settings, splits.Train[..200]);
        List<string> warnings = [];
        run.Data(Part.Test, warnings: warnings.Add);
        Assert.Contains("no longer those", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Contains("held out no validation data",
            Assert.Throws<InvalidConfigException>(() => run.Data(Part.Validation)).Message, StringComparison.Ordinal);
        RunFolder other = RunFolder.Create(
            _folder.File("other"), settings.With("model.event_shape=14,14"), splits.Train);
        Assert.Contains("put the old data back",
            Assert.Throws<InvalidDataFileException>(() => other.Data(Part.Test)).Message, StringComparison.Ordinal);
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
}
