using System.Text.Json;
using Reparam.Testing;

namespace Reparam.Cli.Tests.Examples;

/// <summary>A program that hosts the command line with kinds of its own: they train, stop, go on and are evaluated like
/// any other.</summary>
public sealed class OwnMemberTests : IDisposable
{
    private static readonly string[] s_train =
        ["train", "--network", "pooled", "--width", "12", "--objective", "spread", "--penalty", "2", "--prior",
            "logistic", "--latent", "3", "--limit", "400", "--epochs", "80", "--seed", "5"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Own_members_train_stop_go_on_to_the_same_bits_and_are_evaluated()
    {
        string run = _folder.File("run"), metrics = Path.Combine(run, "metrics.jsonl");
        string whole = Sha256(Run([.. s_train, "--json", "--quiet", "--out", _folder.File("whole")]));
        using (ReparamProcess cut = ReparamProcess.StartProgram("Reparam.OwnMember.dll", [.. s_train, "--out", run]))
        {
            while (!File.Exists(metrics) || File.ReadLines(metrics).Count() < 3)
            {
                Assert.False(
                    cut.EndsWithin(TimeSpan.FromMilliseconds(5)), "the training was over before it was stopped");
            }

            cut.Interrupt();
            (int code, _, string errors) = cut.Finish();
            Assert.True(code == 130, $"exit code {code}: {errors}");
        }

        Assert.True(File.ReadLines(metrics).Count() < 80, "the training was over before it was stopped");
        Assert.Equal(whole, Sha256(Run(["train", "--resume", run, "--json", "--quiet"])));
        Assert.Contains("pooled, latent 3, width 12, silu, prior logistic",
            File.ReadAllText(Path.Combine(run, "README.md")), StringComparison.Ordinal);
        using JsonDocument evaluated = JsonDocument.Parse(
            Run(["evaluate", run, "--samples", "5", "--json"]).Trim().Split('\n')[^1]);
        Assert.True(evaluated.RootElement.GetProperty("nll").GetProperty("mean").GetDouble() > 0);
        Assert.Contains("Reparam.OwnMember evaluate ", Run(["train", "--resume", run, "--quiet"]),
            StringComparison.Ordinal);
        Run(["diagnose", run]);
        Run(["sample", run]);
        Assert.True(File.Exists(Path.Combine(run, "samples", "sample.png")));
    }

    [Fact]
    public void Own_kinds_are_in_the_help_and_their_bounds_hold()
    {
        string help = Run(["train", "--help"]);
        foreach (string word in (string[])["pooled", "spread", "logistic", "--width"])
            Assert.Contains(word, help, StringComparison.Ordinal);
        Assert.Contains("model.network.width (--width) lies between 1 and 65536, not 0",
            Refused("--network", "pooled", "--width", "0"), StringComparison.Ordinal);
        Assert.Contains(
            "--width: model.network.width belongs to 'transformer' and 'pooled', not to 'mlp'", Refused("--width", "8"),
            StringComparison.Ordinal);
        Assert.Contains("Did you mean 'logistic'?", Refused("--prior", "logistc"), StringComparison.Ordinal);
        Assert.Contains(
            "compares the data of a batch", Refused("--objective", "spread", "--batch", "1"), StringComparison.Ordinal);
    }

    private static string Refused(params string[] options)
    {
        using ReparamProcess process = ReparamProcess.StartProgram("Reparam.OwnMember.dll", ["train", .. options]);
        (int code, _, string errors) = process.Finish();
        Assert.True(code == 2, $"exit code {code}: {errors}");
        return errors;
    }

    private static string Run(string[] arguments)
    {
        using ReparamProcess process = ReparamProcess.StartProgram("Reparam.OwnMember.dll", arguments);
        (int code, string output, string errors) = process.Finish();
        Assert.True(code == 0, $"exit code {code}: {errors}");
        return output;
    }

    private static string Sha256(string output)
    {
        using JsonDocument result = JsonDocument.Parse(output.Trim().Split('\n')[^1]);
        return result.RootElement.GetProperty("weights_sha256").GetString()!;
    }
}
