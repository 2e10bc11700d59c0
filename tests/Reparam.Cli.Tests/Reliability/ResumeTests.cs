using Reparam.Testing;

namespace Reparam.Cli.Tests.Reliability;

public sealed class ResumeTests
{
    private static readonly string[] Small = ["--limit", "1000", "--hidden", "48", "--latent", "5", "--batch", "64",
        "--binarization", "dynamic", "--seed", "11"];

    [Fact]
    public void Three_epochs_and_three_more_end_in_the_bits_of_six()
    {
        using TemporaryFolder folder = new();
        string whole = Path.Combine(folder.Path, "whole"), halves = Path.Combine(folder.Path, "halves");
        string expected = Hash(ReparamProcess.Train([.. Small, "--epochs", "6", "--out", whole]));
        string half = Hash(ReparamProcess.Train([.. Small, "--epochs", "3", "--out", halves]));
        string resumed = Hash(ReparamProcess.Train(["--resume", halves, "--epochs", "6"]));
        Assert.NotEqual(expected, half);
        Assert.Equal(expected, resumed);
        Assert.Equal(Metrics(whole), Metrics(halves));
    }

    [Fact]
    public void Early_stopping_decides_alike_after_a_resume()
    {
        using TemporaryFolder folder = new();
        string whole = Path.Combine(folder.Path, "whole"), halves = Path.Combine(folder.Path, "halves");
        // A learning rate this high stops improving within a few epochs.
        string[] hasty = [.. Small, "--lr", "0.02", "--patience", "2"];
        var expected = ReparamProcess.Train([.. hasty, "--epochs", "30", "--out", whole]);
        ReparamProcess.Train([.. hasty, "--epochs", "2", "--out", halves]);
        var resumed = ReparamProcess.Train(["--resume", halves, "--epochs", "30"]);
        Assert.InRange(expected.GetProperty("epochs").GetInt32(), 3, 29);
        Assert.Equal(expected.GetProperty("epochs").GetInt32(), resumed.GetProperty("epochs").GetInt32());
        Assert.Equal(Hash(expected), Hash(resumed));
    }

    internal static string Hash(System.Text.Json.JsonElement result) =>
        result.GetProperty("weights_sha256").GetString()!;

    /// <summary>The recorded numbers without times and speeds.</summary>
    private static string[] Metrics(string run) =>
        [.. File.ReadAllLines(Path.Combine(run, "metrics.jsonl")).Where(
            line => !line.Contains("images_per_second", StringComparison.Ordinal)).Select(line => line[..line.IndexOf(
            "\"wall\"", StringComparison.Ordinal)] + line[line.IndexOf("\"split\"", StringComparison.Ordinal)..])];
}
