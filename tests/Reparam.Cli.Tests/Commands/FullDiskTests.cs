using Reparam.Testing;

namespace Reparam.Cli.Tests.Commands;

public sealed class FullDiskTests(SharedRun shared)
{
    [Fact]
    public void Full_disk_ends_the_run_with_a_sentence_and_keeps_the_checkpoint_before()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Mounting a small disk needs root on Linux.");
        using var folder = new TemporaryFolder();
        string disk = Directory.CreateDirectory(folder.File("disk")).FullName;
        // The run has two checkpoints of about 0.6 MB each; a third does not fit beside them.
        Assert.SkipUnless(OutsideTool.Run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk).ExitCode == 0,
            "Mounting is not allowed here.");
        try
        {
            string run = shared.CopyTo(Path.Combine(disk, "run"));
            long free = new DriveInfo(disk).AvailableFreeSpace;
            File.WriteAllBytes(Path.Combine(disk, "ballast"), new byte[Math.Max(0, free - 100_000)]);
            string before = File.ReadAllText(Path.Combine(run, "checkpoints", "latest"));
            CommandLine.Run(disk, "train", "--resume", run, "--epochs", "9").Exits(1).Says(
                "could not be written", "Check");
            Assert.Equal(before, File.ReadAllText(Path.Combine(run, "checkpoints", "latest")));
            CommandLine.Run(disk, "evaluate", run, "--limit", "10", "--samples", "2").Exits(0);
        }
        finally
        {
            OutsideTool.Run("umount", disk);
        }
    }
}
