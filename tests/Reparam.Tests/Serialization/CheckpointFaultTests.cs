using System.Globalization;
using Reparam.Serialization;
using Reparam.Testing;

namespace Reparam.Tests.Serialization;

/// <summary>
/// Lets the system fail, or the process die, at the first, second, third... flush, rename and write of a checkpointing process, and
/// looks at what is left. strace injects the faults into a second copy of this test program, which runs <see cref="Probe_writes_until_it_is_stopped"/>.
/// </summary>
public sealed class CheckpointFaultTests
{
    private const string ProbeVariable = "REPARAM_FAULT_PROBE";
    private const int Steps = 2;

    [Fact]
    public void Probe_writes_until_it_is_stopped()
    {
        // The writing half of the fault sweep, which names the folder; on its own it runs without faults.
        using TemporaryFolder own = new();
        string folder = Environment.GetEnvironmentVariable(ProbeVariable) ?? own.Path;
        CheckpointFolder checkpoints = new(folder);
        for (int step = 1; step <= Steps; step++)
        {
            byte content = (byte)step;
            string outcome;
            try
            {
                checkpoints.Write(step, new Dictionary<string, Action<Stream>> { ["model"] = stream => stream.Write([content, content, content]) });
                outcome = "done";
            }
            catch (IOException)
            {
                outcome = "failed";
            }

            // An empty file: making it needs none of the calls that are made to fail.
            File.Create(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{outcome}-{step}"))).Dispose();
        }

        if (folder == own.Path) Assert.Equal(Steps, checkpoints.OpenLatest()?.Step);
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
        Assert.SkipUnless(RealData.Required, "takes half a minute; runs with REPARAM_REQUIRE_EXTERNAL=1");
        Assert.SkipUnless(OperatingSystem.IsLinux(), "strace is Linux's");
        RealData.Need(OutsideTool.Run("strace", "-o", "/dev/null", "true").ExitCode == 0, "strace may not trace here.");
        string program = Path.ChangeExtension(typeof(CheckpointFaultTests).Assembly.Location, null);
        int at = 1;
        for (; at < 100; at++)
        {
            using TemporaryFolder run = new();
            string log = run.File("strace.log");
            string when = string.Create(CultureInfo.InvariantCulture, $"inject={call}:{fault}:when={at}");
            OutsideTool.Run(
                "strace", "-f", "-o", log, "-E", $"{ProbeVariable}={run.Path}", "-e", $"trace={call}", "-e", when,
                program, "-method", $"{typeof(CheckpointFaultTests).FullName}.{nameof(Probe_writes_until_it_is_stopped)}");
            string traced = File.ReadAllText(log);
            if (!traced.Contains("INJECTED", StringComparison.Ordinal) && !traced.Contains("SIGKILL", StringComparison.Ordinal)) break;
            Look(run, killed: fault.StartsWith("signal", StringComparison.Ordinal), $"{call} {at}, {fault}");
        }

        Assert.InRange(at, 4, 99); // there were calls to fail, and the sweep came to its end
    }

    private static void Look(TemporaryFolder run, bool killed, string place)
    {
        int finished = Enumerable.Range(1, Steps).LastOrDefault(step => File.Exists(run.File(string.Create(CultureInfo.InvariantCulture, $"done-{step}"))));
        if (!killed) Assert.True(Directory.GetFiles(run.Path, "failed-*").Length > 0, $"{place}: the fault was not reported.");
        CheckpointFolder checkpoints = new(run.Path);
        checkpoints.CleanStale();
        Checkpoint? latest = checkpoints.OpenLatest();
        Assert.True((latest?.Step ?? 0) >= finished, $"{place}: step {finished} was finished and {latest?.Step} is found.");
        if (latest is null) return;
        Assert.All(File.ReadAllBytes(latest.FilePath("model")), b => Assert.Equal(latest.Step, b));
        string[] left = [.. Directory.GetFileSystemEntries(Path.Combine(run.Path, "checkpoints")).Where(name => name.Contains(".tmp-", StringComparison.Ordinal))];
        Assert.True(left.Length == 0, $"{place}: {string.Join(", ", left)} was left behind.");
    }
}
