using System.Globalization;
using Reparam.Serialization;
using Reparam.Testing;
using Reparam.Testing.Host;

namespace Reparam.Tests.Serialization;

/// <summary>
/// Lets the system fail, or the process die, at the first, second, third... flush, rename and write of a checkpointing
/// process, and looks at what is left. strace injects the faults into a process that runs
/// <see cref="CheckpointWriter"/>.
/// </summary>
public sealed class CheckpointFaultTests
{
    [Fact]
    public void Writer_without_faults_leaves_its_last_checkpoint()
    {
        using TemporaryFolder run = new();
        CheckpointWriter.Write(run.Path);
        Assert.Equal(CheckpointWriter.Steps, new CheckpointFolder(run.Path).OpenLatest()?.Step);
    }

    [Theory]
    [InlineData("fsync", "error=EIO")]
    [InlineData("fsync", "signal=SIGKILL")]
    [InlineData("rename", "error=EIO")]
    [InlineData("rename", "signal=SIGKILL")]
    [InlineData("pwrite64", "error=ENOSPC")]
    [InlineData("pwrite64", "signal=SIGKILL")]
    public void Fault_at_every_call_is_reported_and_loses_no_finished_checkpoint(string call, string fault)
    {
        Assert.SkipUnless(RealData.Required, "runs with REPARAM_REQUIRE_EXTERNAL=1");
        Assert.SkipUnless(OperatingSystem.IsLinux(), "strace is Linux's");
        RealData.Need(OutsideTool.Run("strace", "-o", "/dev/null", "true").ExitCode == 0, "strace may not trace here.");
        string program = Path.ChangeExtension(typeof(CheckpointWriter).Assembly.Location, null);
        int at = 1;
        for (; at < 100; at++)
        {
            using TemporaryFolder run = new();
            string log = run.File("strace.log");
            string when = string.Create(CultureInfo.InvariantCulture, $"inject={call}:{fault}:when={at}");
            OutsideTool.Run(
                "strace", "-f", "-o", log, "-e", $"trace={call}", "-e", when, program, "checkpoints", run.Path);
            string traced = File.ReadAllText(log);
            if (!traced.Contains("INJECTED", StringComparison.Ordinal)
                && !traced.Contains("SIGKILL", StringComparison.Ordinal))
                break;
            Look(run, killed: fault.StartsWith("signal", StringComparison.Ordinal), $"{call} {at}, {fault}");
        }

        Assert.InRange(at, 4, 99); // there were calls to fail, and the sweep came to its end
    }

    private static void Look(TemporaryFolder run, bool killed, string place)
    {
        int finished = Enumerable.Range(1, CheckpointWriter.Steps).LastOrDefault(
            step => File.Exists(run.File(string.Create(CultureInfo.InvariantCulture, $"done-{step}"))));
        if (!killed)
            Assert.True(Directory.GetFiles(run.Path, "failed-*").Length > 0, $"{place}: the fault was not reported.");
        CheckpointFolder checkpoints = new(run.Path);
        checkpoints.CleanStale();
        Checkpoint? latest = checkpoints.OpenLatest();
        Assert.True(
            (latest?.Step ?? 0) >= finished, $"{place}: step {finished} was finished and {latest?.Step} is found.");
        if (latest is null) return;
        Assert.All(File.ReadAllBytes(latest.FilePath("model")), b => Assert.Equal(latest.Step, b));
        string[] left = [.. Directory.GetFileSystemEntries(Path.Combine(run.Path, "checkpoints")).Where(
            name => name.Contains(".tmp-", StringComparison.Ordinal))];
        Assert.True(left.Length == 0, $"{place}: {string.Join(", ", left)} was left behind.");
    }
}
