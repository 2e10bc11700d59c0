using Reparam.Data;
using Reparam.Testing;
using Reparam.Training.Runs;

namespace Reparam.Tests.Training.Runs;

public sealed class RunDataTests
{
    [Fact]
    public void Own_file_is_recorded_by_its_full_path()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("mine.npy");
        NpyFile.Write(path, NumericArray.FromBytes([10, 2, 2], new byte[40]));
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        Assert.Equal(path, RunData.WithFullPath(new RunConfig { Data = new DataConfig { Name = relative } }).Data.Name);
        Assert.Equal("mnist", RunData.WithFullPath(new RunConfig { Data = new DataConfig { Name = "mnist" } }).Data.Name);
    }

    [Theory]
    [InlineData("mnist", true)]
    [InlineData("Fashion-MNIST", true)]
    [InlineData("FREY_FACES", true)]
    [InlineData("mnist.npy", false)]
    public void Known_sets_are_known_in_any_spelling_that_loads(string name, bool known) => Assert.Equal(known, RunData.IsKnown(name));
}
