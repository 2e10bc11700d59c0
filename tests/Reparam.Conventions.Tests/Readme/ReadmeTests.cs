using System.Text.RegularExpressions;

namespace Reparam.Conventions.Tests.Readme;

public sealed partial class ReadmeTests
{
    [Fact]
    public void Linked_files_exist()
    {
        string[] missing = [.. Link().Matches(Pages.Text("README.md")).Select(m => m.Groups[1].Value).Where(link =>
            !File.Exists(Path.Combine(Sources.Root, link)) && !Directory.Exists(Path.Combine(Sources.Root, link)))];
        Assert.Empty(missing);
    }

    [GeneratedRegex(@"\]\(([\w./-]+)\)")]
    private static partial Regex Link();
}
