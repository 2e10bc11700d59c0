using System.Diagnostics;
using Reparam.Serialization;
using Reparam.Testing;

namespace Reparam.Cli.Tests.Reliability;

/// <summary>kill -9 at random moments: the run folder is never broken, and the resumed run ends in the same
/// bits.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Kills = 50;

    private static readonly string[] Training =
    [
        // Five thousand steps, each with a checkpoint: enough to outlive all kills.
        "--limit", "110", "--batch", "1", "--epochs", "50", "--hidden", "16", "--latent", "2", "--seed", "4",
        "--threads", "1", "--binarization", "dynamic", "--checkpoint-steps", "1",
    ];

    [Fact]
    public async Task Fifty_kills_lose_nothing()
    {
        // A killed process loses nothing that it has given to the system, so the disk need not be waited for.
        using var folder = TemporaryFolder.InMemory();
        Timing reference = Reference(Path.Combine(folder.Path, "reference"));
        // Two runs at a time: most of a kill is waiting for a process to start.
        int[] advanced = await Task.WhenAll(((ulong[])[1, 2]).Select(
            seed => Task.Run(() => Kill(Path.Combine(folder.Path, $"run{seed}"), seed, reference))));
        Assert.True(advanced.Sum() >= Kills / 4,
            $"Only {advanced.Sum()} of {Kills} kills came after new steps: the moments missed the training.");
    }

    /// <summary>Kills one run again and again, lets it end, and returns how many kills came after new steps.</summary>
    private int Kill(string run, ulong seed, Timing reference)
    {
        const int Count = Kills / 2;
        var rng = new Tensors.Rng(seed);
        var checkpoints = new CheckpointFolder(run);
        long step = 0;
        int advanced = 0;
        double longer = 1.5;
        for (int kill = 0; kill < Count; kill++)
        {
            // From before the first checkpoint can be there to well into training, yet so short that the run outlives
            // all kills.
            TimeSpan moment = reference.StartUp * 0.3
                + (reference.StartUp * 0.8 + reference.Total / Kills) * longer * rng.NextDouble();
            using ReparamProcess process = Start(run);
            bool ended = process.EndsWithin(moment);
            Assert.False(ended && process.Finish().ExitCode != 0,
                $"after kill {kill} the run could not go on: {(ended ? process.Finish().Errors : "")}");
            process.Kill();

            Checkpoint? latest = checkpoints.OpenLatest();
            Assert.Empty(latest?.Warnings ?? []);
            Assert.True((latest?.Step ?? 0) >= step, $"kill {kill} lost steps: {latest?.Step} after {step}");
            bool moved = (latest?.Step ?? 0) > step;
            if (moved) advanced++;
            // A machine busier, or idler, than at the reference moves the moments along: about half the kills are to
            // come after new steps.
            longer *= moved ? 0.8 : 1.25;
            step = latest?.Step ?? 0;
        }

        output.WriteLine($"{Count} kills, {advanced} of them after new steps; the last at step {step}");
        Assert.Equal(reference.Hash, ResumeTests.Hash(ReparamProcess.Train(["--resume", run])));
        Assert.DoesNotContain(Directory.GetFileSystemEntries(Path.Combine(run, "checkpoints")),
            e => e.Contains(".tmp", StringComparison.Ordinal));
        return advanced;
    }

    private static ReparamProcess Start(string run) =>
        ReparamProcess.Start(File.Exists(Path.Combine(run, "config.json")) ? ["train", "--quiet", "--resume", run]
            : ["train", "--quiet", .. Training, "--out", run]);

    /// <summary>The uninterrupted run.</summary>
    private static Timing Reference(string run)
    {
        long started = Stopwatch.GetTimestamp();
        using ReparamProcess process = ReparamProcess.Start(["train", "--quiet", "--json", .. Training, "--out", run]);
        string latest = Path.Combine(run, "checkpoints", "latest");
        while (!File.Exists(latest) && !process.EndsWithin(TimeSpan.FromMilliseconds(5)))
        {
        }

        TimeSpan startUp = Stopwatch.GetElapsedTime(started);
        (int code, string output, string errors) = process.Finish();
        Assert.True(code == 0, errors);
        using var result = System.Text.Json.JsonDocument.Parse(output.Trim().Split('\n')[^1]);
        return new Timing(ResumeTests.Hash(result.RootElement), startUp, Stopwatch.GetElapsedTime(started) - startUp);
    }

    /// <summary>A run's hash, the time to its first checkpoint, the time from there to its end.</summary>
    private sealed record Timing(string Hash, TimeSpan StartUp, TimeSpan Total);
}
