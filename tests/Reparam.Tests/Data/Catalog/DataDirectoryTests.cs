using Reparam.Data;

namespace Reparam.Tests.Data.Catalog;

public sealed class DataDirectoryTests
{
    [Fact]
    public void Option_comes_before_everything() =>
        Assert.Equal(Path.GetFullPath("here"), DataDirectory.Resolve("here"));

    [Fact]
    public void Without_an_option_there_is_always_a_full_path() =>
        Assert.True(Path.IsPathFullyQualified(DataDirectory.Resolve()));
}
