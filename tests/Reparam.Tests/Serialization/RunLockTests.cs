using Reparam.Serialization;
using Reparam.Testing;

namespace Reparam.Tests.Serialization;

public sealed class RunLockTests
{
    [Fact]
    public void Run_has_one_writer_at_a_time()
    {
        using TemporaryFolder run = new();
        using (RunLock.Take(run.Path))
        {
            Assert.Contains("another process trains", Assert.Throws<IOException>(() => RunLock.Take(run.Path)).Message,
                StringComparison.Ordinal);
        }

        RunLock.Take(run.Path).Dispose();
    }

    [Fact]
    public void Missing_run_folder_is_named()
    {
        using TemporaryFolder run = new();
        string missing = run.File("none");
        Assert.Contains(
            missing, Assert.Throws<IOException>(() => RunLock.Take(missing)).Message, StringComparison.Ordinal);
    }
}
