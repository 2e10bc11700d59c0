using Reparam.Serialization;
using Reparam.Testing;

namespace Reparam.Tests.Serialization;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Writing_replaces_and_leaves_no_temporary()
    {
        string path = _folder.File("a.txt");
        AtomicFile.WriteAllText(path, "one");
        AtomicFile.WriteAllText(path, "two é");
        Assert.Equal("two é"u8.ToArray(), File.ReadAllBytes(path));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Failing_writer_keeps_the_old_file()
    {
        string path = _folder.Holding("a.txt", "old"u8);
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write(new byte[100_000]);
            throw new InvalidOperationException();
        }));
        IOException error = Assert.Throws<IOException>(
            () => AtomicFile.Write(path, _ => throw new IOException("No space left on device.")));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("No space left", error.Message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Missing_folder_and_folder_in_the_way_are_explained()
    {
        Assert.Contains("Check that the folder exists", Assert.Throws<IOException>(
            () => AtomicFile.WriteAllText(_folder.File("none/a.txt"), "")).Message, StringComparison.Ordinal);
        Directory.CreateDirectory(_folder.File("taken"));
        Assert.Throws<IOException>(() => AtomicFile.WriteAllText(_folder.File("taken"), ""));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Full_disk_keeps_the_old_file_and_is_reported()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess,
            "a small file system can be mounted only by root on Linux");
        string small = _folder.File("small");
        Directory.CreateDirectory(small);
        Assert.SkipUnless(OutsideTool.Run("mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", small).ExitCode == 0,
            "mounting is not allowed here");
        try
        {
            string path = Path.Combine(small, "model");
            AtomicFile.Write(path, stream => stream.Write(new byte[100_000]));
            IOException error = Assert.Throws<IOException>(
                () => AtomicFile.Write(path, stream => stream.Write(new byte[400_000])));
            Assert.Contains("free space", error.Message, StringComparison.Ordinal);
            Assert.Equal(100_000, new FileInfo(path).Length);
            Assert.Single(Directory.GetFiles(small));

            CheckpointFolder checkpoints = new(small);
            checkpoints.Write(
                1, new Dictionary<string, Action<Stream>> { ["m"] = stream => stream.Write(new byte[50_000]) });
            Assert.Throws<IOException>(() => checkpoints.Write(
                2, new Dictionary<string, Action<Stream>> { ["m"] = stream => stream.Write(new byte[400_000]) }));
            Assert.Equal(1, checkpoints.OpenLatest()!.Step);
            Assert.Empty(checkpoints.OpenLatest()!.Warnings);
        }
        finally
        {
            Assert.Equal(0, OutsideTool.Run("umount", small).ExitCode);
        }
    }
}
