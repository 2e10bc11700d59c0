using System.Diagnostics;
using Reparam.Serialization;
using Reparam.Testing;

namespace Reparam.Mpi.Tests;

/// <summary>Real jobs of Open MPI and MPICH.</summary>
public sealed class MpiTrainingTests(ITestOutputHelper output)
{
    private static readonly string[] Small = ["--limit", "300", "--batch", "20", "--hidden", "16",
        "--latent", "2", "--seed", "4", "--threads", "1", "--binarization", "dynamic", "--shards", "8"];

    private static readonly string[] Short = [.. Small, "--epochs", "2"];

    // Long enough to outlive the kills: 15 steps an epoch, each with a checkpoint.
    private static readonly string[] Long = [.. Small, "--epochs", "12", "--checkpoint-steps", "1"];

    [Theory]
    [MemberData(nameof(MpiJob.Libraries), MemberType = typeof(MpiJob))]
    public void Any_number_of_processes_gives_the_bits_of_one(string library)
    {
        using var folder = TemporaryFolder.InMemory();
        string expected = Alone(folder, Short);
        foreach (int count in (int[])[1, 2, 4, 8])
            Assert.Equal(expected, MpiJob.Train(library, count, [.. Short, "--out", folder.File($"{count}")]));
    }

    [Theory]
    [MemberData(nameof(MpiJob.Libraries), MemberType = typeof(MpiJob))]
    public void Killed_process_ends_the_job_and_any_other_count_resumes_to_the_same_bits(string library)
    {
        using var folder = TemporaryFolder.InMemory();
        string run = folder.File("run"), expected = Alone(folder, Long);
        var checkpoints = new CheckpointFolder(run);
        var rng = new Tensors.Rng(7);
        long step = 0;
        foreach (int count in (int[])[4, 2])
        {
            string[] start = File.Exists(Path.Combine(run, "config.json")) ? ["--resume", run]
                : [.. Long, "--out", run];
            using MpiJob job = MpiJob.Start(library, count, ["train", .. start]);
            // A random moment after the first new step.
            Assert.True(SpinWait.SpinUntil(
                () => File.Exists(Path.Combine(run, "checkpoints", "latest")) && Latest(checkpoints) > step,
                TimeSpan.FromMinutes(1)), "The job made no step.");
            Thread.Sleep((int)(300 * rng.NextDouble()));
            int[] processes = job.Processes();
            Assert.Equal(count, processes.Length);
            int victim = processes[rng.NextInt32(count)];
            long killed = Stopwatch.GetTimestamp();
            Assert.Equal(0, OutsideTool.Run("sh", "-c", $"kill -9 {victim}").ExitCode);
            Assert.True(job.EndsWithin(TimeSpan.FromSeconds(10)), "The job did not end.");
            (int code, string told, string errors) = job.Finish();
            output.WriteLine($"{count} processes ended {Stopwatch.GetElapsedTime(killed).TotalSeconds:F1} s after " +
                $"the kill: {errors}{told}");
            Assert.NotEqual(0, code);
            // The list at the start says which rank has the number, and the launcher says which process failed. MPICH
            // names the first process that it saw end: the killed one, or one that was reading its memory.
            Assert.Matches($@"rank \d of {count} \(.*, process {victim}\)", errors);
            if (library == "openmpi") Assert.Matches(@"process rank \d", told + errors);
            else Assert.Contains(processes, p => told.Contains($"PID {p} RUNNING", StringComparison.Ordinal));
            Assert.Empty(checkpoints.OpenLatest()!.Warnings);
            step = Latest(checkpoints);
        }

        Assert.True(step < 12 * 15, "The run ended before it was killed.");
        Assert.Equal(expected, MpiJob.Train(library, 1, "--resume", run));
    }

    [Theory]
    [MemberData(nameof(MpiJob.Libraries), MemberType = typeof(MpiJob))]
    public void Failure_of_one_process_is_told_with_its_name(string library)
    {
        using var folder = new TemporaryFolder();
        string[] train = ["train", "--data", "mnist", "--limit", "100", "--epochs", "1", "--shards", "2", "--quiet",
            "--out", folder.File("run"), "--data-dir"];
        using MpiJob job = MpiJob.Start(library, 1, [.. train, RealData.Directory], other: [.. train, folder.Path]);
        (int code, _, string errors) = job.Finish();
        Assert.NotEqual(0, code);
        Assert.Matches(@"reparam: rank 1 of 2 \(.*\): .*mnist", errors);
    }

    [Theory]
    [MemberData(nameof(MpiJob.Libraries), MemberType = typeof(MpiJob))]
    public void Failure_of_the_first_process_is_told_once(string library)
    {
        using var folder = new TemporaryFolder();
        using MpiJob job = MpiJob.Start(library, 2,
            ["train", "--limit", "100", "--epochs", "1", "--shards", "2", "--out", "/proc/no-such-folder/run"]);
        (int code, _, string errors) = job.Finish();
        Assert.NotEqual(0, code);
        Assert.Single(errors.Split('\n'), line => line.Contains("cannot be created", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("openmpi", 2, "training.shards (--shards)", "--shards", "1")]
    [InlineData("mpich", 2, "training.shards (--shards)", "--shards", "1")]
    [InlineData("openmpi", 3, "power of two", "--shards", "8")]
    [InlineData("mpich", 3, "power of two", "--shards", "8")]
    public void Number_of_processes_that_does_not_fit_is_refused(
        string library, int count, string why, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        string run = folder.File("run");
        using MpiJob job = MpiJob.Start(library, count, ["train", "--limit", "100", "--out", run, .. arguments]);
        (int code, _, string errors) = job.Finish();
        Assert.NotEqual(0, code);
        Assert.Contains(why, errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(run));
    }

    [Theory]
    [InlineData("openmpi", "mpich")]
    [InlineData("mpich", "ompi")]
    public void Library_of_another_kind_than_the_launcher_is_refused(string library, string other)
    {
        using var folder = new TemporaryFolder();
        using MpiJob job = MpiJob.Start(library, 2, ["train", "--limit", "100", "--out", folder.File("run"),
            "--shards", "2"], choice: other);
        (int code, _, string errors) = job.Finish();
        Assert.NotEqual(0, code);
        Assert.Contains("different kinds", errors, StringComparison.Ordinal);
    }

    private static long Latest(CheckpointFolder checkpoints) => checkpoints.OpenLatest()?.Step ?? 0;

    private static string Alone(TemporaryFolder folder, IEnumerable<string> arguments) => ReparamProcess.Train(
        [.. arguments, "--out", folder.File("alone")]).GetProperty("weights_sha256").GetString()!;
}
