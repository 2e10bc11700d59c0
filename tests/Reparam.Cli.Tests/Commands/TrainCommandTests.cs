using System.Text.Json;
using Reparam.Testing;

namespace Reparam.Cli.Tests.Commands;

public sealed class TrainCommandTests(SharedRun shared) : IDisposable
{
    private static readonly string[] Small = ["train", "--binarization", "none", "--limit", "500", "--hidden", "32",
        "--latent", "4", "--seed", "3"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Training_leaves_a_run_folder_and_one_line_of_json()
    {
        Assert.Single(shared.Trained.Output.TrimEnd('\n').Split('\n'));
        JsonElement json = shared.Trained.Json;
        Assert.Equal(2, json.GetProperty("epochs").GetInt32());
        Assert.True(json.GetProperty("validation").GetProperty("elbo").GetDouble() < 0);
        Assert.Contains("epoch 2/2  ELBO ", shared.Trained.Error, StringComparison.Ordinal);
        foreach (string file in (
            string[])["config.json", "environment.json", "metrics.jsonl", "samples/samples.png", "checkpoints/latest"])
            Assert.True(File.Exists(Path.Combine(shared.Run, file)), file);
        Pictures.RequireGrid(Path.Combine(shared.Run, "samples", "samples.png"), 10, 10);
    }

    [Fact]
    public void Text_goes_to_standard_output_only_as_results()
    {
        var outcome = CommandLine.Run(_folder.Path, [.. Small, "--epochs", "1", "--quiet", "--out", "run"]).Exits(0);
        Assert.Contains("samples.png", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("reparam evaluate run", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("epoch", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_that_holds_a_run_is_refused() =>
        CommandLine.Run(shared.Folder, [.. Small, "--epochs", "1", "--out", "run"]).Exits(2).Says(
            "already holds a run", "--resume");

    [Fact]
    public void Resuming_a_finished_run_says_so_and_gives_its_result()
    {
        string run = shared.CopyTo(_folder.File("run"));
        var outcome = CommandLine.Run(_folder.Path, "train", "--resume", run, "--json").Exits(0).Says(
            "already finished");
        Assert.Equal(shared.Trained.Json.GetProperty("weights_sha256").GetString(),
            outcome.Json.GetProperty("weights_sha256").GetString());
        Assert.Equal(
            shared.Trained.Json.GetProperty("train").GetRawText(), outcome.Json.GetProperty("train").GetRawText());
    }

    [Fact]
    public void Resumed_run_ends_with_the_bits_of_an_uninterrupted_one()
    {
        CommandLine.Run(_folder.Path, [.. Small, "--epochs", "1", "--out", "run"]).Exits(0);
        var resumed = CommandLine.Run(_folder.Path, "train", "--resume", "run", "--epochs", "2", "--json").Exits(
            0).Says("resumed at step");
        Assert.Equal(shared.Trained.Json.GetProperty("weights_sha256").GetString(),
            resumed.Json.GetProperty("weights_sha256").GetString());
    }

    [Fact]
    public void Resuming_with_another_model_is_refused() =>
        CommandLine.Run(_folder.Path, "train", "--resume", shared.CopyTo(_folder.File("run")), "--latent", "7").Exits(
            2).Says("keeps model.latent (--latent) 4, not 7.");

    [Fact]
    public void Run_without_a_checkpoint_starts_over_when_resumed()
    {
        string run = shared.CopyTo(_folder.File("run"));
        Directory.Delete(Path.Combine(run, "checkpoints"), recursive: true);
        var outcome = CommandLine.Run(_folder.Path, "train", "--resume", run, "--json").Exits(0).Says(
            "no checkpoint", "starts over");
        Assert.Equal(shared.Trained.Json.GetProperty("weights_sha256").GetString(),
            outcome.Json.GetProperty("weights_sha256").GetString());
    }

    [Fact]
    public void Damaged_latest_checkpoint_falls_back_with_a_warning()
    {
        string run = shared.CopyTo(_folder.File("run"));
        string latest = File.ReadAllText(Path.Combine(run, "checkpoints", "latest")).Trim();
        string weights = Path.Combine(run, "checkpoints", latest, "model.safetensors");
        File.WriteAllBytes(weights, File.ReadAllBytes(weights)[..^5]);
        var outcome = CommandLine.Run(_folder.Path, "train", "--resume", run, "--json").Exits(0).Says(
            "is skipped", latest);
        Assert.Equal(shared.Trained.Json.GetProperty("weights_sha256").GetString(),
            outcome.Json.GetProperty("weights_sha256").GetString());
    }

    [Fact]
    public void Divergence_leaves_a_report_and_a_good_checkpoint()
    {
        var outcome = CommandLine.Run(_folder.Path, [.. Small, "--lr", "1e6", "--epochs", "50", "--checkpoint-steps",
            "1", "--likelihood", "gaussian", "--out", "run", "--json"])
            .Exits(4).Says("diverged", "nan-report.json");
        Assert.True(outcome.Json.GetProperty("diverged").GetBoolean());
        JsonElement report = JsonDocument.Parse(File.ReadAllText(_folder.File("run/nan-report.json"))).RootElement;
        foreach (string key in (string[])["step", "epoch", "origin", "indices", "loss", "gradient_norm"])
            Assert.True(report.TryGetProperty(key, out _), key);
        CommandLine.Run(_folder.Path, "inspect", "run").Exits(0).Says();
        Assert.True(File.Exists(_folder.File("run/checkpoints/latest")));
        Assert.Contains("diverged in epoch", File.ReadAllText(_folder.File("run/README.md")), StringComparison.Ordinal);
        CommandLine.Run(_folder.Path, "encode", "run", "--limit", "3").Exits(0);
    }

    [Fact]
    public void Print_config_resolves_flag_over_set_over_environment_over_file_over_default()
    {
        File.WriteAllText(
            _folder.File("c.json"), """{ "training": { "epochs": 11, "batch": 12, "seed": 13, "patience": 14 } }""");
        var environment = new Dictionary<string, string>
        {
            ["REPARAM_TRAINING__EPOCHS"] = "21",
            ["REPARAM_TRAINING__BATCH"] = "22",
            ["REPARAM_TRAINING__SEED"] = "23",
        };
        var outcome = CommandLine.Run(
            _folder.Path, environment,
            "train", "--print-config", "-c", "c.json", "--set", "training.epochs=31", "--set", "training.batch=32",
            "--epochs", "41").Exits(0);
        JsonElement training = JsonDocument.Parse(outcome.Output).RootElement.GetProperty("training");
        Assert.Equal([41, 32, 23, 14, 2], new[] { "epochs", "batch", "seed", "patience", "keep_checkpoints" }.Select(
            key => training.GetProperty(key).GetInt32()));
        outcome.Says("training.epochs from --epochs", "training.batch from --set", "training.seed from environment",
            "training.patience from c.json");
        Assert.Empty(Directory.GetDirectories(_folder.Path));
    }

    [Fact]
    public async Task Interrupt_saves_and_the_run_can_be_resumed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals are sent with kill.");
        using var process = CommandLine.Start(
            _folder.Path, new Dictionary<string, string>(), [.. Small, "--epochs", "100000", "--out", "run", "--json"]);
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        string? line;
        do line = await process.StandardError.ReadLineAsync(cancellation);
        while (line is not null && !line.StartsWith("epoch      2/", StringComparison.Ordinal));
        Assert.NotNull(line);
        CommandLine.Interrupt(process);
        Task<string> error = process.StandardError.ReadToEndAsync(cancellation);
        string output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        Assert.Equal(130, process.ExitCode);
        Assert.Contains("train --resume run", await error, StringComparison.Ordinal);
        Assert.True(JsonDocument.Parse(output).RootElement.GetProperty("interrupted").GetBoolean());
        string config = File.ReadAllText(_folder.File("run/config.json"));
        CommandLine.Run(_folder.Path, "train", "--resume", "run", "--epochs", "1").Exits(2).Says(
            "is fewer; leave training.epochs");
        Assert.Equal(config, File.ReadAllText(_folder.File("run/config.json")));
        int finished = File.ReadLines(_folder.File("run/metrics.jsonl")).Select(
            metric => JsonDocument.Parse(metric).RootElement.GetProperty("epoch").GetInt32()).Max();
        CommandLine.Run(_folder.Path, "train", "--resume", "run", "--epochs", (finished + 1).ToString(
            System.Globalization.CultureInfo.InvariantCulture)).Exits(0).Says("resumed at step");
        CommandLine.Run(_folder.Path, "evaluate", "run", "--limit", "10", "--samples", "2").Exits(0);
    }
}
