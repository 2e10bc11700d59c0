using System.Text.Json;
using Reparam.Testing;

namespace Reparam.Cli.Tests.Commands;

public sealed class DiagnoseCommandTests : IDisposable
{
    // Enough steps of the built-in digits for three of four units to be used.
    private static readonly string[] Training = ["train", "--limit", "3000", "--epochs", "20", "--hidden", "64",
        "--latent", "4", "--lr", "0.003", "--out", "run", "--quiet"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Collapsed_run_is_found_out_and_its_remedy_works()
    {
        CommandLine.Run(_folder.Path, [.. Training, "--beta", "100"]).Exits(0);
        JsonElement finding = Findings(_folder.Path, "run")[0];
        Assert.Equal(("collapse", "severe"),
            (finding.GetProperty("name").GetString(), finding.GetProperty("severity").GetString()));
        Assert.InRange(finding.GetProperty("numbers").GetProperty("kl").GetDouble(), 0, 0.5);
        string command = finding.GetProperty("remedies")[0].GetProperty("command").GetString()!;
        Assert.Equal("reparam train --config run/config.json --beta 1 --out run-beta1", command);
        CommandLine.Run(_folder.Path, [.. command.Split(' ')[1..], "--quiet"]).Exits(0);
        Assert.DoesNotContain(
            Findings(_folder.Path, "run-beta1"), f => f.GetProperty("name").GetString() == "collapse");
    }

    [Fact]
    public void Every_remedy_is_a_command_that_train_takes()
    {
        CommandLine.Run(
            _folder.Path, "train", "--limit", "300", "--epochs", "1", "--hidden", "32", "--decoder-hidden",
            "32,32,32,32", "--latent", "8", "--lr", "0.01", "--likelihood", "gaussian", "--out", "run",
            "--quiet").Exits(0);
        string[] commands = [.. Findings(_folder.Path, "run").SelectMany(
            f => f.GetProperty("remedies").EnumerateArray()).Select(r => r.GetProperty("command").GetString()!)];
        Assert.True(commands.Length >= 4, string.Join("\n", commands));
        foreach (string command in commands)
            CommandLine.Run(_folder.Path, [.. command.Split(' ')[1..], "--print-config"]).Exits(0);
    }

    [Fact]
    public void Healthy_run_has_nothing_severe_and_says_its_numbers()
    {
        CommandLine.Run(_folder.Path, Training).Exits(0);
        JsonElement json = CommandLine.Run(_folder.Path, "diagnose", "run", "--json").Exits(0).Json;
        Assert.DoesNotContain(
            json.GetProperty("findings").EnumerateArray(), f => f.GetProperty("severity").GetString() == "severe");
        Assert.True(json.GetProperty("kl").GetProperty("mean").GetDouble() > 0.5);
        Assert.True(json.GetProperty("mutual_information").GetDouble() > 0.5);
        string text = CommandLine.Run(_folder.Path, "diagnose", "run").Exits(0).Output;
        Assert.Contains("active units", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_that_diverged_before_its_first_checkpoint_is_still_told_about()
    {
        CommandLine.Run(_folder.Path, "train", "--limit", "300", "--epochs", "1", "--optimizer", "sgd", "--lr", "1e30",
            "--out", "run", "--quiet").Exits(4);
        JsonElement finding = Findings(_folder.Path, "run")[0];
        Assert.Equal("divergence", finding.GetProperty("name").GetString());
        Assert.Contains("--lr 3.33E+29", finding.GetProperty("remedies")[0].GetProperty("command").GetString(),
            StringComparison.Ordinal);
    }

    private static JsonElement[] Findings(string folder, string run) =>
        [.. CommandLine.Run(folder, "diagnose", run, "--json").Exits(0).Json.GetProperty("findings").EnumerateArray()];
}
