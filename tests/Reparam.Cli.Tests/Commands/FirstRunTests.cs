using System.Text.Json;
using Reparam.Testing;

namespace Reparam.Cli.Tests.Commands;

/// <summary>What a person who says nothing sees of a first training.</summary>
public sealed class FirstRunTests : IDisposable
{
    private const int Width = 80;

    private static readonly string[] s_small =
        ["train", "--limit", "300", "--hidden", "16", "--latent", "4", "--out", "run"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void First_run_maximises_a_lower_bound_and_says_what_its_numbers_mean()
    {
        var outcome = CommandLine.Run(_folder.Path, [.. s_small, "--epochs", "2"]).Exits(0)
            .Says("note: binarization dynamic, because the built-in digits")
            .Says("bernoulli likelihood", "a lower bound on log p(x)\nrun run;");
        Assert.DoesNotContain("not a lower bound", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("cross-entropy", outcome.Error, StringComparison.Ordinal);
        Assert.All((outcome.Error + outcome.Output).Split('\n'), line => Assert.True(line.Length <= Width, line));
        string[] lines = outcome.Error.Split('\n');
        int first = Array.FindIndex(lines, l => l.StartsWith("epoch 1/2", StringComparison.Ordinal));
        int second = Array.FindIndex(lines, l => l.StartsWith("epoch 2/2", StringComparison.Ordinal));
        Assert.InRange(second - first - 1, 4, 6);
        Assert.All(lines[(first + 1)..second], l => Assert.StartsWith("  ", l, StringComparison.Ordinal));
        string[] words =
            ["evidence lower bound", "reconstruction", "the cost of codes", "mutual information", "units of the code"];
        foreach (string word in words)
            Assert.Single(lines, l => l.Contains(word, StringComparison.Ordinal));
        using var config = JsonDocument.Parse(File.ReadAllText(_folder.File("run/config.json")));
        Assert.Equal("dynamic", config.RootElement.GetProperty("data").GetProperty("binarization").GetString());
        string[] evaluate = ["evaluate", "run", "--samples", "2", "--limit", "20", "--json"];
        var evaluated = CommandLine.Run(_folder.Path, evaluate).Exits(0);
        Assert.True(evaluated.Json.GetProperty("is_likelihood").GetBoolean());
    }

    [Fact]
    public void Quiet_and_resumed_runs_explain_nothing()
    {
        Assert.Empty(CommandLine.Run(_folder.Path, [.. s_small, "--epochs", "0", "--quiet"]).Exits(0).Error);
        var resumed = CommandLine.Run(_folder.Path, "train", "--resume", "run", "--epochs", "1").Exits(0)
            .Says("epoch 1/1");
        Assert.DoesNotContain("evidence lower bound", resumed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Grey_levels_stay_where_a_likelihood_is_named_or_binarization_is_none()
    {
        CommandLine.Run(_folder.Path, [.. s_small, "--epochs", "0", "--binarization", "none"]).Exits(0)
            .Says("not a lower bound on log p(x): grey levels", "note: grey levels are scored by a Bernoulli");
        string[] named = [.. s_small[..^1], "named", "--epochs", "0", "--likelihood", "gaussian-optimal"];
        var outcome = CommandLine.Run(_folder.Path, named).Exits(0).Says("gaussian-optimal likelihood");
        Assert.DoesNotContain("binarization dynamic", outcome.Error, StringComparison.Ordinal);
    }
}
